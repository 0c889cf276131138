import { describe, expect, it } from '@jest/globals';
import type { Json, JsonObject } from '@ringside/core';
import fc from 'fast-check';

import { diff, type Difference } from './difference.js';
import { type Setting, textOfPlace, type WantedSetting } from './settings.js';
import { phases, type Step, stepsOf } from './steps.js';
import { sameValue } from './values.js';

const allRegions = ['eu', 'us', 'ap'] as const;
const names = ['t/global', 't/casework-eu', 't/evidence'] as const;
const roles = ['intake', 'team'] as const;

/** By region: where the records of a namespace go to from there; undefined where it is not to be. */
type Routes = Readonly<Record<string, Readonly<Record<string, readonly string[] | undefined>>>>;

function wantedIn(
  region: string,
  routes: Routes,
  actions: Readonly<Record<string, readonly string[]>>,
): readonly WantedSetting[] {
  const rule = 'rule';
  const met = new Set([region, ...names.flatMap((name) => routes[region]?.[name] ?? [])]);
  return [
    { place: { kind: 'tenant', tenant: 't' }, value: allRegions.filter((one) => met.has(one)), rule },
    ...names.flatMap((namespace): readonly WantedSetting[] => {
      const replicated = routes[region]?.[namespace];
      if (replicated === undefined) return [];
      return [
        { place: { kind: 'namespace', namespace }, value: { retention: -1 }, rule },
        { place: { kind: 'replication', namespace }, value: replicated, rule },
        { place: { kind: 'policy', namespace, policy: 'retention' }, value: -1, rule },
        { place: { kind: 'topic', namespace, topic: 'facts' }, value: 8, rule },
        ...roles.map((role): WantedSetting => {
          return { place: { kind: 'permission', namespace, role }, value: actions[role] ?? [], rule };
        }),
      ];
    }),
  ];
}

/** Servers as the steps change them. */
class Ring {
  readonly #live: Map<string, Map<string, Setting>>;

  constructor(live: Readonly<Record<string, readonly Setting[]>>) {
    this.#live = new Map(
      Object.entries(live).map(([region, settings]) => [region, new Map(settings.map((one) => [textOfPlace(one.place), one]))]),
    );
  }

  settings(region: string): readonly Setting[] {
    return [...this.#live.get(region)!.values()];
  }

  listOf(region: string, at: string): readonly string[] {
    return (this.#live.get(region)!.get(at)?.value ?? []) as readonly string[];
  }

  has(region: string, namespace: string): boolean {
    return this.#live.get(region)!.has(`namespace ${namespace}`);
  }

  take({ region, place, to }: Step): void {
    const settings = this.#live.get(region)!;
    const set = (one: Setting): void => void settings.set(textOfPlace(one.place), one);
    if (place.kind === 'namespace' && to !== undefined) {
      set({ place, value: true });
      set({ place: { kind: 'replication', namespace: place.namespace }, value: [region] });
      for (const [policy, value] of Object.entries(to as JsonObject)) {
        set({ place: { kind: 'policy', namespace: place.namespace, policy }, value: value! });
      }
    } else if (place.kind === 'namespace') {
      for (const [at, one] of settings)
        if ('namespace' in one.place && one.place.namespace === place.namespace) settings.delete(at);
    } else if (to === undefined) settings.delete(textOfPlace(place));
    else set({ place, value: to });
  }
}

const subsetWith = (region: string) =>
  fc.subarray([...allRegions]).map((some) => allRegions.filter((one) => one === region || some.includes(one)));

const routesArbitrary: fc.Arbitrary<Routes> = fc.record(
  Object.fromEntries(
    allRegions.map((region) => [
      region,
      fc.record(Object.fromEntries(names.map((name) => [name, fc.option(subsetWith(region), { nil: undefined })]))),
    ]),
  ),
);

const actions = fc.subarray(['consume', 'produce']);

/** What somebody has left there: some of it as wanted, some too wide or too narrow, some that nobody wants. */
const liveArbitrary = (region: string): fc.Arbitrary<readonly Setting[]> =>
  fc
    .record({
      tenant: fc.option(subsetWith(region)),
      namespaces: fc.subarray([...names, 't/rogue']),
      replication: fc.array(subsetWith(region), { minLength: 4, maxLength: 4 }),
      topics: fc.array(fc.constantFrom<Json | undefined>(undefined, 8, 4), { minLength: 4, maxLength: 4 }),
      own: fc.array(fc.option(subsetWith(region)), { minLength: 4, maxLength: 4 }),
      allowed: fc.array(actions, { minLength: 4, maxLength: 4 }),
      marketing: fc.boolean(),
    })
    .map(({ tenant, namespaces, replication, topics, own, allowed, marketing }): readonly Setting[] => [
      ...(tenant === null ? [] : [{ place: { kind: 'tenant', tenant: 't' }, value: tenant } as const]),
      ...namespaces.flatMap((namespace, index): readonly Setting[] => [
        { place: { kind: 'namespace', namespace }, value: true },
        { place: { kind: 'replication', namespace }, value: replication[index]! },
        { place: { kind: 'policy', namespace, policy: 'retention' }, value: index - 1 },
        { place: { kind: 'permission', namespace, role: marketing ? 'marketing' : 'intake' }, value: allowed[index]! },
        ...(topics[index] === undefined
          ? []
          : [{ place: { kind: 'topic', namespace, topic: 'facts' }, value: topics[index] } as const]),
        ...(own[index] === null || topics[index] === undefined
          ? []
          : [{ place: { kind: 'topic-replication', namespace, topic: 'facts' }, value: own[index]! } as const]),
      ]),
    ]);

const worlds = fc.record({
  routes: routesArbitrary,
  actions: fc.record({ intake: actions, team: actions }),
  live: fc.record(Object.fromEntries(allRegions.map((region) => [region, liveArbitrary(region)]))),
  away: fc.subarray([...allRegions], { maxLength: 1 }),
  accept: fc.boolean(),
});

const isWithin = (some: readonly string[], ...others: readonly (readonly string[])[]): boolean =>
  some.every((one) => others.some((other) => other.includes(one)));

describe('the steps that mend differences', () => {
  it('never replicate a fact more widely than wanted, whenever they are interrupted, but for what was so before', () => {
    fc.assert(
      fc.property(worlds, ({ routes, actions: allowed, live, away, accept }) => {
        const known = allRegions.filter((region) => !away.includes(region));
        const wanted = new Map(known.map((region) => [region as string, wantedIn(region, routes, allowed)]));
        const ring = new Ring(live);
        const before = new Ring(live);
        const differences = (): readonly Difference[] =>
          known.flatMap((region) => diff(region, wanted.get(region)!, ring.settings(region)));
        const { steps } = stepsOf(differences(), { accept, away: new Set(away) });

        const shouldBe = (region: string, namespace: string): readonly string[] => routes[region]?.[namespace] ?? [region];
        const faults: string[] = [];
        const must = (holds: boolean, what: string, at: unknown): void => {
          if (!holds) faults.push(`${what}: ${JSON.stringify(at)}`);
        };

        /** Only what was too wide before may still be, and once narrowing is over not even that. */
        function checkRegion(region: string, isNarrowed: boolean, step: Step | undefined): void {
          for (const namespace of [...names, 't/rogue']) {
            for (const at of [`namespace ${namespace}: replication`, `topic ${namespace}/facts: replication`]) {
              const former = isNarrowed ? [] : before.listOf(region, at);
              must(isWithin(ring.listOf(region, at), shouldBe(region, namespace), former), `too wide is ${at}`, step);
            }
            for (const role of [...roles, 'marketing'] as const) {
              const at = `namespace ${namespace}: permissions of ${role}`;
              const may = routes[region]?.[namespace] === undefined || role === 'marketing' ? [] : allowed[role];
              const former = isNarrowed ? [] : before.listOf(region, at);
              must(isWithin(ring.listOf(region, at), may, former), `too much may ${at}`, step);
            }
          }
        }

        let isNarrowed = false;
        for (const step of steps) {
          const { region, place, phase } = step;
          if (phase !== 'narrow' && !isNarrowed) {
            isNarrowed = true;
            for (const one of known) checkRegion(one, true, undefined);
          }
          const mayProduce =
            place.kind === 'permission' && phase === 'allow' && (step.to as readonly string[]).includes('produce');
          if ((place.kind === 'topic' && step.to !== undefined) || mayProduce) {
            const at = `namespace ${place.namespace}: replication`;
            must(isWithin(shouldBe(region, place.namespace), ring.listOf(region, at)), 'records may come too early', step);
          }
          if (phase === 'widen' && place.kind === 'replication') {
            // Whoever begins to get facts is known, has the namespace where it should, and sends them no further than it should.
            const from = step.from as readonly string[];
            for (const other of (step.to as readonly string[]).filter((one) => !from.includes(one))) {
              const isMeant = routes[other]?.[place.namespace] !== undefined;
              must(!away.includes(other as never), 'widened to a region that is away', step);
              must(!isMeant || ring.has(other, place.namespace), 'widened to where no namespace is', step);
              const further = ring.listOf(other, `namespace ${place.namespace}: replication`);
              must(isWithin(further, shouldBe(other, place.namespace)), 'widened to a region that sends it too far', step);
            }
          }
          ring.take(step);
          checkRegion(region, isNarrowed, step);
        }
        expect(faults).toEqual([]);

        const left = stepsOf(differences(), { accept, away: new Set(away) });
        expect(left.steps).toEqual([]);
        expect(left.held.filter(({ reason }) => accept && reason === 'loses_data')).toEqual([]);
        expect(differences().filter((one) => !left.held.some(({ difference }) => difference.at === one.at))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('come phase by phase over all regions', () => {
    fc.assert(
      fc.property(worlds, ({ routes, actions: allowed, live }) => {
        const all = allRegions.flatMap((region) => diff(region, wantedIn(region, routes, allowed), live[region]!));
        const { steps } = stepsOf(all, { accept: true });
        const order = steps.map(({ phase }) => phases.indexOf(phase));
        expect(order).toEqual([...order].sort((a, b) => a - b));
        // Nothing is done twice, and nothing that changes nothing.
        for (const { from, to } of steps) expect(from !== undefined && to !== undefined && sameValue(from, to)).toBe(false);
      }),
    );
  });

  it('leave alone what would lose data, unless that is accepted, and what takes a person', () => {
    const namespace = 't/global';
    const base: readonly WantedSetting[] = [
      { place: { kind: 'namespace', namespace }, value: {}, rule: 'r' },
      { place: { kind: 'topic', namespace, topic: 'facts' }, value: 8, rule: 'r' },
    ];
    const live: readonly Setting[] = [
      { place: { kind: 'namespace', namespace }, value: true },
      { place: { kind: 'replication', namespace }, value: ['eu'] },
      { place: { kind: 'topic', namespace, topic: 'facts' }, value: 4 },
      { place: { kind: 'topic', namespace, topic: 'extra' }, value: 1 },
    ];
    const differences = diff('eu', base, live);
    const refused = stepsOf(differences);
    expect([refused.steps, refused.held.map(({ reason }) => reason)]).toEqual([[], ['by_hand', 'loses_data']]);
    const accepted = stepsOf(differences, { accept: true });
    expect(accepted.steps.map(({ phase, place, to }) => [phase, textOfPlace(place), to])).toEqual([
      ['remove', 'topic t/global/extra', undefined],
    ]);
    expect(accepted.held.map(({ reason }) => reason)).toEqual(['by_hand']);
  });

  it('take a keyspace out of a data centre before anything else, and never leave it nowhere', () => {
    const place = { kind: 'keyspace', keyspace: 'k' } as const;
    const steps = (live: Json, value: Json) =>
      stepsOf(diff('eu', [{ place, value, rule: 'r' }], [{ place, value: live }])).steps.map(({ phase, to }) => [phase, to]);
    expect(steps({ a: 3, b: 3 }, { a: 3 })).toEqual([['narrow', { a: 3 }]]);
    expect(steps({ b: 3 }, { a: 3 })).toEqual([]);
    expect(steps({ a: 1 }, { a: 3 })).toEqual([['widen', { a: 3 }]]);
    expect(steps({ a: 1, b: 1 }, { a: 3 })).toEqual([
      ['narrow', { a: 1 }],
      ['widen', { a: 3 }],
    ]);
  });
});
