import { expect } from '@jest/globals';
import { placedTopics, type RingPolicy } from '@ringside/data-ring';

import { contradictionsIn, differencesOf, idsOn, lyingIn, rowsOf, type LyingEvent } from './lying-in-regions.fixture.js';
import { post, type Region, type Regions } from './regions.fixture.js';

type Lying = ReadonlyMap<string, readonly LyingEvent[]>;

export interface Logs {
  /** Different events, by topic of those that travel. */
  readonly events: Readonly<Record<string, number>>;
  /** Records that are there once more, by region: at-least-once shows. */
  readonly copies: readonly number[];
}

/** Whoever holds a topic that travels holds the same events of it, nobody else any, and what is regional is of its region. */
export async function expectSameEvents({ all }: Regions, policy: RingPolicy): Promise<Logs> {
  const lying: Lying = new Map(await Promise.all(all.map(async ({ name, log }) => [name, await lyingIn(log)] as const)));
  expect(contradictionsIn([...lying.values()].flat())).toEqual([]);
  const events: Record<string, number> = {};
  for (const { name: topic, regions: holders, zone } of placedTopics(policy)) {
    if (policy.zones[zone]!.kind === 'regional') {
      const strayed = all.flatMap(({ name }) =>
        lying.get(name)!.filter((event) => event.topic === topic && event.region !== name),
      );
      expect(strayed).toEqual([]);
      continue;
    }
    const first = idsOn(topic, lying.get(holders[0]!)!);
    for (const { name } of all) {
      expect([topic, name, idsOn(topic, lying.get(name)!)]).toEqual([topic, name, holders.includes(name) ? first : []]);
    }
    events[topic] = first.length;
  }
  const copies = [...lying.values()].map((held) => held.length - new Set(held.map(({ id }) => id)).size);
  return { events, copies };
}

interface RepairAnswer {
  readonly peers: readonly {
    readonly problem: string | null;
    readonly topics: readonly { readonly topic: string; readonly equal: boolean; readonly restored: number }[];
  }[];
}

/** Every platform service compares its digests with those of every other: all are equal, and there is nothing to fetch. */
export async function expectSameDigests(regions: Regions): Promise<void> {
  const token = await regions.tokenOf({ sub: 'pat', roles: ['platform'] });
  for (const { name, urlOf } of regions.all) {
    const { body } = await post<RepairAnswer>(`${urlOf('platform')}/v1/ring/repair`, token, {});
    // A round that compared nothing would find nothing unequal.
    expect([name, body.peers.filter(({ topics }) => topics.length === 0)]).toEqual([name, []]);
    const unequal = body.peers.flatMap(({ topics }) => topics.filter(({ equal, restored }) => !equal || restored > 0));
    const problems = body.peers.map(({ problem }) => problem);
    expect([name, problems, unequal]).toEqual([name, regions.all.slice(1).map(() => null), []]);
  }
}

/** Views of what is global have the same rows everywhere, to the byte. Answers with how many. */
export async function expectSameGlobalViews({ all }: Regions, policy: RingPolicy): Promise<number> {
  const [first, ...others] = await Promise.all(all.map((region) => rowsOf(region, isOf(policy, 'global'))));
  for (const rows of others) expect(differencesOf(first!, rows)).toEqual([]);
  return first!.size;
}

/** Views of casework have the rows of a region's cases where its route leads, and no row of them elsewhere. Answers with how many. */
export async function expectSameCaseworkViews(
  { all }: Regions,
  policy: RingPolicy,
  casesOf: ReadonlyMap<Region, readonly string[]>,
): Promise<number> {
  const rows = new Map(
    await Promise.all(all.map(async (region) => [region, await rowsOf(region, isOf(policy, 'cross-region'))] as const)),
  );
  const holders = new Map(placedTopics(policy).map(({ name, regions }) => [name, regions]));
  let count = 0;
  for (const [home, caseIds] of casesOf) {
    const of = (region: Region): ReadonlyMap<string, string> =>
      new Map([...rows.get(region)!].filter(([name]) => caseIds.some((caseId) => name.includes(caseId))));
    const [atHome, nowhere] = [of(home), new Map<string, string>()];
    const there = holders.get(`cases.${home.name}`)!;
    for (const region of all) {
      const expected = there.includes(region.name) ? atHome : nowhere;
      expect([home.name, region.name, differencesOf(expected, of(region))]).toEqual([home.name, region.name, []]);
    }
    count += atHome.size;
  }
  return count;
}

const isOf =
  (policy: RingPolicy, kind: 'global' | 'cross-region') =>
  (table: string): boolean =>
    policy.zones[policy.views[table]?.zone ?? '']?.kind === kind;
