import type { Json, JsonObject } from '@ringside/core';

import type { Difference } from './difference.js';
import type { Place } from './settings.js';
import { isRegions, isSet, sameValue } from './values.js';

/**
 * When a step is taken, over all regions: nothing is made or widened anywhere before everything too wide has been narrowed
 * everywhere, and no topic is made in a namespace that does not yet go where it should.
 */
export const phases = ['narrow', 'make', 'set', 'widen', 'topics', 'allow', 'remove'] as const;
export type Phase = (typeof phases)[number];

export interface Step {
  readonly region: string;
  readonly phase: Phase;
  readonly place: Place;
  readonly rule: string;
  /** What is to be there; undefined where it is to be gone. */
  readonly to: Json | undefined;
  /** What is there before it; undefined where nothing is. */
  readonly from: Json | undefined;
}

/** A difference that is not mended, or not wholly. */
export interface HeldBack {
  readonly difference: Difference;
  readonly reason: 'loses_data' | 'by_hand' | 'region_away' | 'left_out';
  /** A sentence for people. */
  readonly message: string;
}

export interface StepsOptions {
  /** Mends also what loses data. */
  readonly accept?: boolean;
  /** Regions whose state is not known: nothing is newly sent there. */
  readonly away?: ReadonlySet<string>;
}

export interface Mending {
  readonly steps: readonly Step[];
  readonly held: readonly HeldBack[];
}

/** What mends the differences of all regions, in an order in which no fact is ever replicated too widely. Pure. */
export function stepsOf(differences: readonly Difference[], { accept = false, away = new Set() }: StepsOptions = {}): Mending {
  const steps: Step[] = [];
  const held: HeldBack[] = [];
  const hold = (difference: Difference, reason: HeldBack['reason'], message: string): void =>
    void held.push({ difference, reason, message });
  const replications = differences.filter(({ place }) => isRegions(place.kind));
  for (const difference of replications) mendRegions(difference, away, { steps, held });
  const waiting = new Set(held.map(({ difference: { region, place } }) => namespaceAt(region, place)));
  for (const difference of differences.filter((one) => !replications.includes(one))) {
    const { region, mending, at, place } = difference;
    if (mending === 'by_hand') hold(difference, mending, `${at} ${whyByHand(place)}.`);
    else if (mending === 'loses_data' && !accept) hold(difference, mending, `Mending ${at} would lose data.`);
    else {
      const own = mend(difference);
      const isEarly = (step: Step): boolean => fillsNamespace(step) && waiting.has(namespaceAt(region, place));
      steps.push(...own.filter((step) => !isEarly(step)));
      if (own.some(isEarly)) hold(difference, 'region_away', `${at} waits until its namespace goes to all of its regions.`);
    }
  }
  // Stable: within a phase as the differences come, region by region.
  return { steps: phases.flatMap((phase) => ofPhase(steps, phase)), held };
}

const whyByHand = (place: Place): string => {
  if (place.kind === 'topic') return 'has another number of partitions: it cannot change, keys would lose their order';
  if (place.kind === 'keyspace') return 'is in other data centres, and would lose its rows: somebody has to move them first';
  if (place.kind === 'policy' || place.kind === 'topic-policy')
    return 'moves records to a storage of its own: what lies there has to be moved before it is taken out';
  return 'reaches beyond the ring: whoever runs the servers has to say what it is for';
};

/** The namespace of a region that something is in; undefined for what is in none. */
export const namespaceAt = (region: string, place: Place): string | undefined =>
  'namespace' in place ? `${region} ${place.namespace}` : undefined;

/** Whether records begin to come where none were: what is published before the namespace is wide might never go further. */
export const fillsNamespace = ({ place, phase, to }: Step): boolean =>
  phase === 'topics' ||
  (phase === 'allow' && place.kind === 'permission' && Array.isArray(to) && (to as readonly string[]).includes('produce'));

/** Where a namespace must be narrowed before one of its topics falls back to it. */
function ofPhase(steps: readonly Step[], phase: Phase): readonly Step[] {
  const all = steps.filter((step) => step.phase === phase);
  const isLast = ({ place }: Step): boolean => place.kind === 'tenant' || place.kind === 'topic-replication';
  // A tenant is narrowed behind its namespaces, and widened before them.
  return phase === 'narrow'
    ? [...all.filter((step) => !isLast(step)), ...all.filter(isLast)]
    : [...all.filter(({ place }) => place.kind === 'tenant'), ...all.filter(({ place }) => place.kind !== 'tenant')];
}

function mendRegions(
  difference: Difference,
  away: ReadonlySet<string>,
  { steps, held }: { steps: Step[]; held: HeldBack[] },
): void {
  const { region, place, rule, live, wanted, at } = difference;
  if (wanted === undefined) {
    // Of one topic alone: it falls back to its namespace, which by then is as narrow as it should be.
    steps.push({ region, phase: 'narrow', place, rule, from: live, to: undefined });
    return;
  }
  const should = wanted as readonly string[];
  // A namespace is made for its own region alone; a tenant that is not there is in none.
  const now = (live as readonly string[] | undefined) ?? (place.kind === 'replication' ? [region] : []);
  const kept = now.filter((one) => should.includes(one));
  // Pulsar has nothing that is nowhere.
  const narrow = kept.length === 0 ? [region] : kept;
  if (live !== undefined && !sameValue(narrow, now))
    steps.push({ region, phase: 'narrow', place, rule, from: live, to: narrow });
  const waits = should.filter((one) => away.has(one) && !narrow.includes(one));
  const wide = should.filter((one) => !waits.includes(one));
  if (live === undefined && place.kind === 'tenant')
    steps.push({ region, phase: 'make', place, rule, from: undefined, to: wide });
  else if (!sameValue(wide, narrow)) steps.push({ region, phase: 'widen', place, rule, from: narrow, to: wide });
  if (waits.length > 0) {
    const message = `${at} is not widened to ${waits.join(', ')} as long as nobody knows what is set there.`;
    held.push({ difference, reason: 'region_away', message });
  }
}

function mend(difference: Difference): readonly Step[] {
  const { region, place, rule, live, wanted } = difference;
  const step = (phase: Phase, to: Json | undefined, from = live): Step => ({ region, phase, place, rule, to, from });
  if (isSet(place.kind)) {
    const now = (live ?? []) as readonly string[];
    const should = (wanted ?? []) as readonly string[];
    const kept = now.filter((one) => should.includes(one));
    return [
      ...(kept.length < now.length ? [step('narrow', kept)] : []),
      ...(kept.length < should.length ? [step('allow', should, kept)] : []),
    ];
  }
  if (place.kind === 'role-member') return [step('narrow', undefined)];
  if (wanted === undefined) return [step('remove', undefined)];
  switch (place.kind) {
    case 'cluster':
      // One that is known by a wrong address gets facts that are not meant for it.
      return [step(live === undefined ? 'make' : 'narrow', wanted)];
    case 'keyspace':
      return keyspaceSteps(step, live as JsonObject | undefined, wanted as JsonObject);
    case 'topic':
      return [step('topics', wanted)];
    default:
      return [step(live === undefined && place.kind !== 'policy' ? 'make' : 'set', wanted)];
  }
}

function keyspaceSteps(
  step: (phase: Phase, to: Json, from?: Json) => Step,
  live: JsonObject | undefined,
  wanted: JsonObject,
): readonly Step[] {
  if (live === undefined) return [step('make', wanted)];
  // Never none: where no data centre stays it takes a person.
  const kept = Object.fromEntries(Object.entries(live).filter(([datacenter]) => datacenter in wanted));
  const isNarrowed = Object.keys(kept).length < Object.keys(live).length;
  return [...(isNarrowed ? [step('narrow', kept)] : []), ...(sameValue(kept, wanted) ? [] : [step('widen', wanted, kept)])];
}
