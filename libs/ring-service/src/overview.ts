import { isoTime } from '@ringside/core';
import type { Placement, RingPolicy, ZonePolicy } from '@ringside/data-ring';
import { placedTopics } from '@ringside/data-ring';

import type { PeerState } from './convergence/standings.js';
import { sharedTopics } from './holdings/holdings.js';
import type { HomeTerms } from './terms/promote.js';

/** The ring: as its policy has it, and as one region sees it. */
export interface RingOverview {
  /** The region that answers. */
  readonly region: string;
  /** SHA-256 of the policy; null without a ring. */
  readonly policy: string | null;
  readonly regions: readonly {
    readonly region: string;
    readonly label: string;
    readonly jurisdiction: string;
    readonly successors: readonly string[];
    /** Who works the cases of its players, in which term. */
    readonly servedBy: string;
    readonly term: number;
  }[];
  readonly zones: readonly {
    readonly zone: string;
    readonly kind: ZonePolicy['kind'];
    readonly purpose: string;
    readonly legalGround: string;
    /** How long records are kept, in hours; null for ever. */
    readonly retentionHours: number | null;
    /** Of the event log, with the regions that have each. */
    readonly topics: readonly { readonly topic: string; readonly origin: string | null; readonly regions: readonly string[] }[];
  }[];
  readonly services: readonly {
    readonly service: string;
    readonly produce: readonly string[];
    readonly consume: readonly string[];
  }[];
  /** What this region has seen of the way from and to its peers. */
  readonly links: readonly RingLink[];
}

export interface RingLink {
  readonly from: string;
  readonly to: string;
  readonly topics: readonly string[];
  /** Events that have not come through, and are not on their way; null as long as nothing was compared. */
  readonly missing: number | null;
  readonly comparedAt: string | null;
  /** Why nothing is known of it now. */
  readonly problem: string | null;
}

export interface OverviewParts {
  readonly policy: RingPolicy | undefined;
  readonly placement: Placement;
  readonly terms: readonly HomeTerms[];
  readonly peers: readonly PeerState[];
}

export function overviewOf({ policy, placement, terms, peers }: OverviewParts): RingOverview {
  const servingOf = new Map(terms.map((one) => [one.home, one]));
  const regions = placement.regions.map((region) => {
    const { label = region, jurisdiction = '', successors = [] } = policy?.regions[region] ?? {};
    const { servedBy = region, term = 0 } = servingOf.get(region) ?? {};
    return { region, label, jurisdiction, successors, servedBy, term };
  });
  return {
    region: placement.region,
    policy: policy?.digest ?? null,
    regions,
    zones: policy === undefined ? [] : zonesOf(policy),
    services: Object.entries(policy?.services ?? {}).map(([service, may]) => ({ service, ...may })),
    links: peers.flatMap((peer) => linksOf(peer, placement)),
  };
}

function zonesOf(policy: RingPolicy): RingOverview['zones'] {
  const placed = placedTopics(policy);
  return Object.entries(policy.zones).map(([zone, { kind, purpose, legalGround, retention }]) => ({
    ...{ zone, kind, purpose, legalGround },
    retentionHours: retention.hours,
    topics: placed
      .filter((topic) => topic.zone === zone)
      .map(({ name, origin, regions }) => ({ topic: name, origin: origin ?? null, regions })),
  }));
}

function linksOf({ region: peer, topics, comparedAt, problem }: PeerState, placement: Placement): readonly RingLink[] {
  const { region } = placement;
  const shared = sharedTopics(placement).filter(({ regions }) => regions.includes(peer));
  const sumOf = (figures: readonly number[]): number | null =>
    figures.length === 0 ? null : figures.reduce((sum, figure) => sum + figure, 0);
  const common = {
    topics: shared.map(({ name }) => name),
    comparedAt: comparedAt === undefined ? null : isoTime(comparedAt),
    problem: problem ?? null,
  };
  return [
    { from: peer, to: region, ...common, missing: sumOf(topics.map(({ missingHere }) => missingHere.length)) },
    { from: region, to: peer, ...common, missing: sumOf(topics.map(({ missingThere }) => missingThere)) },
  ];
}
