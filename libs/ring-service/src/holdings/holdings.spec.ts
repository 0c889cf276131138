import { describe, expect, it } from '@jest/globals';
import type { JsonObject, RowKey } from '@ringside/core';
import { placementOf } from '@ringside/data-ring';
import type { RingsideEvent } from '@ringside/events';
import { aReport, reportHistories } from '@ringside/testing';
import fc from 'fast-check';

import { policy } from '../platform-ring.fixture.js';
import { tallyOf } from './digest.js';
import { bucketOf, holdings, isBucket, isDay, dayOf } from './holdings.js';

const placement = placementOf(policy, 'eu');

/** What the view says after these events, each as the log would hand it over. */
function heldAfter(events: readonly RingsideEvent[]) {
  const view = holdings(placement);
  const rows = new Map<string, JsonObject>();
  const figures = new Map<string, Record<string, number>>();
  const nameOf = ({ table, partition, key }: RowKey): string => `${table}/${partition}/${key}`;
  for (const event of events) {
    const { topic, bytes } = placement.recordOf(event);
    for (const write of view.project(
      event,
      { get: (row) => rows.get(nameOf(row)) },
      { topic, partition: 0, position: '0', bytes, appendedAt: 1 },
    )) {
      if (write.kind === 'put') rows.set(nameOf(write), write.value);
      if (write.kind !== 'count') continue;
      const sums = figures.get(nameOf(write)) ?? {};
      for (const [name, amount] of Object.entries(write.amounts)) sums[name] = (sums[name] ?? 0) + amount;
      figures.set(nameOf(write), sums);
    }
  }
  const sumOf = (name: string) =>
    [...figures].reduce((sum, [at, amounts]) => sum + (at.includes('/days/') ? (amounts[name] ?? 0) : 0), 0);
  const tallies = [...figures].map(([name, amounts]) => [name, tallyOf(amounts)] as const).sort(([a], [b]) => (a < b ? -1 : 1));
  return { tallies, events: sumOf('events'), doubled: sumOf('doubled') };
}

const ofThisRing = (events: readonly RingsideEvent[]) => events.map((event): RingsideEvent => ({ ...event, region: 'eu' }));

const delivered = reportHistories.map(ofThisRing).chain((events) =>
  fc.record({
    events: fc.constant(events),
    again: fc.shuffledSubarray([...events, ...events], { minLength: events.length, maxLength: 2 * events.length }),
  }),
);

describe('what is held', () => {
  it('depends on the set of events alone: any order and any copies give the same digests', () =>
    fc.assert(
      fc.property(delivered, ({ events, again }) => {
        const all = [...again, ...events];
        const [once, more] = [heldAfter(events), heldAfter(all)];
        expect(more.tallies).toEqual(once.tallies);
        expect(more).toMatchObject({ events: once.events, doubled: all.length - events.length });
      }),
      { numRuns: 50 },
    ));

  it('is parted by the hour of the id and the range of the key, with names that are recognised', () => {
    const { id, data } = aReport();
    const bucket = bucketOf(id, data.subjectId);
    expect(bucket).toMatch(/^\d{4}-\d\d-\d\dT\d\d\/[0-9a-f]$/);
    expect([isBucket(bucket), isDay(dayOf(bucket))]).toEqual([true, true]);
    const farAway = bucketOf('ffffffff-ffff-7000-8000-000000000000', 'k');
    expect([isBucket(farAway), isDay(dayOf(farAway))]).toEqual([true, true]);
    for (const wrong of ['', '2026-01-31T12', '2026-01-31T12/g', '../2026-01-31T12/7', '2026-01-31T12/77'])
      expect(isBucket(wrong)).toBe(false);
  });
});
