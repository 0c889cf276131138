import { namespaceOf } from '../compile/pulsar.js';
import { contractFields } from '../contract-fields.js';
import type { RingPolicy, ZonePolicy } from '../policy.js';
import { reachOf } from '../reach.js';

/** The ring as a picture needs it. */
export interface RingMap {
  readonly regions: readonly MapRegion[];
  readonly zones: readonly MapZone[];
  /** What goes from one region to chosen others. What is global goes from each to all, and is no flow of its own. */
  readonly flows: readonly MapFlow[];
}

export interface MapRegion {
  readonly name: string;
  readonly label: string;
  readonly jurisdiction: string;
  readonly successors: readonly string[];
}

export interface MapZone {
  readonly name: string;
  readonly kind: ZonePolicy['kind'];
  readonly purpose: string;
  readonly legalGround: string;
  readonly topics: readonly string[];
  readonly views: readonly string[];
  /** Whether any field of any of its events is personal. */
  readonly personal: boolean;
}

export interface MapFlow {
  readonly zone: string;
  /** In Pulsar: `casework-eu`. */
  readonly namespace: string;
  /** The region whose players it is about. */
  readonly from: string;
  readonly to: string;
}

export function mapOf(policy: RingPolicy): RingMap {
  const names = Object.keys(policy.regions);
  const personalTopics = new Set(contractFields().flatMap(({ topic, personal }) => (personal ? [topic] : [])));
  const inZone = (entries: Readonly<Record<string, { readonly zone: string }>>, zone: string): readonly string[] =>
    Object.entries(entries).flatMap(([name, entry]) => (entry.zone === zone ? [name] : []));
  return {
    regions: Object.entries(policy.regions).map(([name, region]) => ({ name, ...region })),
    zones: Object.entries(policy.zones).map(([name, { kind, purpose, legalGround }]) => {
      const topics = inZone(policy.topics, name);
      const personal = topics.some((topic) => personalTopics.has(topic));
      return { name, kind, purpose, legalGround, topics, views: inZone(policy.views, name), personal };
    }),
    flows: Object.entries(policy.zones).flatMap(([name, zone]) =>
      zone.kind === 'cross-region' ? names.flatMap((from) => flowsFrom(from, name, zone, names)) : [],
    ),
  };
}

const flowsFrom = (from: string, zoneName: string, zone: ZonePolicy, regions: readonly string[]): readonly MapFlow[] =>
  reachOf(zone, from, regions)
    .filter((to) => to !== from)
    .map((to) => ({ zone: zoneName, namespace: namespaceOf({ zone: zoneName, origin: from }), from, to }));
