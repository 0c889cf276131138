import { describe, expect, it } from '@jest/globals';
import { deriveUuidv7, isoTime, uuidv7 } from '@ringside/core';

import type { NamedTally, HeldViews } from '../holdings/held.js';
import { compareTopic } from './compare.js';
import type { Peer } from './peer.js';

const hash = '1'.repeat(32);
const hours = 24 * 100;
const bucketAt = (hour: number): string => `${isoTime(Date.UTC(2026, 0, 1) + hour * 3_600_000).slice(0, 13)}/0`;
const buckets = Array.from({ length: hours }, (_, hour) => bucketAt(hour));

const tally = (name: string, events: number): NamedTally => ({ name, events, digest: hash });
const seed = uuidv7(Date.UTC(2026, 0, 1));
/** One event in each hour. */
const peer: Peer = {
  region: 'us',
  days: () => Promise.resolve([...new Set(buckets.map((bucket) => bucket.slice(0, 10)))].map((day) => tally(day, 24))),
  buckets: (_topic, day) => Promise.resolve(buckets.filter((name) => name.startsWith(day)).map((name) => tally(name, 1))),
  held: ({ bucket }) => Promise.resolve([{ id: deriveUuidv7(seed, bucket), hash, takenAt: 1 }]),
  records: () => Promise.resolve([]),
};
const views = { figures: () => Promise.resolve(new Map()), page: () => Promise.resolve([]) } as unknown as HeldViews;
const usual = { views, peer, topic: 'reports', clock: () => 10, deadline: Infinity, settledBefore: 10 };
const compare = (from?: string) => compareTopic({ ...usual, from });

it('what is too much for one comparison is found by the next ones, the newest first and none left out', async () => {
  const first = await compare();
  expect(first).toMatchObject({ isCutShort: true, equal: false, next: bucketAt(hours - 2_000 - 1) });
  expect(first.differingBuckets).toEqual(buckets.slice(-2_000).reverse());
  const second = await compare(first.next);
  const older = buckets.slice(0, hours - 2_000).reverse();
  expect(second.differingBuckets).toEqual([...older, ...[...buckets].reverse().slice(0, 2_000 - older.length)]);
  expect(second.isCutShort).toBe(true);
  expect(new Set([...first.differingBuckets, ...second.differingBuckets]).size).toBe(hours);
});

describe('a distant peer', () => {
  it('is asked until the deadline, and what was found is there; the next comparisons find the rest', async () => {
    let now = 10;
    const distant: Peer = { ...peer, held: (at, after) => ((now += 100), peer.held(at, after)) };
    const found = new Set<string>();
    let from: string | undefined;
    for (let i = 0; i < hours / 600 + 1; i++) {
      const compared = await compareTopic({ ...usual, peer: distant, clock: () => now, deadline: now + 60_000, from });
      expect(compared).toMatchObject({ isCutShort: true, equal: false, next: expect.any(String) });
      expect(compared.missingHere.length).toBeGreaterThanOrEqual(600);
      expect(compared.missingHere.length).toBeLessThan(620);
      for (const { at } of compared.missingHere) found.add(at.bucket);
      from = compared.next;
    }
    expect(found.size).toBe(hours);
  });

  it('gets on however little time is left', async () => {
    const { missingHere, next } = await compareTopic({ ...usual, deadline: 0 });
    expect(missingHere.map(({ at }) => at.bucket)).toEqual(buckets.slice(-8).reverse());
    expect(next).toBe(bucketAt(hours - 9));
  });

  it('is asked for several buckets at once, and what is found comes in the order of the buckets', async () => {
    let [now, most, asked] = [0, 0, 0];
    const held: Peer['held'] = async (at, after) => {
      most = Math.max(most, ++now);
      for (let turn = 0; turn <= asked % 5; turn++) await new Promise((resolve) => setImmediate(resolve));
      asked++;
      now--;
      return peer.held(at, after);
    };
    const { differingBuckets, missingHere } = await compareTopic({ ...usual, peer: { ...peer, held } });
    expect(most).toBe(8);
    expect(differingBuckets).toEqual(buckets.slice(-2_000).reverse());
    expect(missingHere.map(({ at }) => at.bucket)).toEqual(differingBuckets);
  });
});
