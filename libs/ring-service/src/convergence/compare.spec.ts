import { expect, it } from '@jest/globals';
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
const compare = (from?: string) => compareTopic({ views, peer, topic: 'reports', now: 10, settledBefore: 10, from });

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
