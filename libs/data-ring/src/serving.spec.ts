import { describe, expect, it } from '@jest/globals';
import { deriveUuidv7, isoTime, type JsonObject, type RowKey } from '@ringside/core';
import { createEvent, regionPromoted, type RegionPromoted } from '@ringside/events';
import fc from 'fast-check';

import { nextTerm, servingOf, servingRegions, servingRow, termJumpMax, termKeys, termRow } from './serving.js';

const time = isoTime(Date.UTC(2026, 0, 31, 12));

const promotion = (home: string, servedBy: string, term: number, copy = 0): RegionPromoted => {
  const id = deriveUuidv7('019c13b5-0000-7000-8000-000000000000', `${home}/${servedBy}/${term}/${copy}`);
  const data = { home, servedBy, term, by: 'pat', reason: 'The region is away.' };
  return createEvent(regionPromoted, { region: servedBy, source: 'platform', data, time, id });
};

const addressOf = ({ table, partition, key }: RowKey): string => `${table}/${partition}/${key}`;

function tableOf(events: readonly RegionPromoted[]): ReadonlyMap<string, JsonObject> {
  const rows = new Map<string, JsonObject>();
  const reader = { get: (row: RowKey) => rows.get(addressOf(row)) };
  for (const event of events) {
    for (const write of servingRegions.project(event, reader)) {
      if (write.kind === 'put') rows.set(addressOf(write), write.value);
      if (write.kind === 'delete') rows.delete(addressOf(write));
    }
  }
  return new Map([...rows].sort(([a], [b]) => (a < b ? -1 : 1)));
}

const promotions = fc
  .array(
    fc.record({
      home: fc.constantFrom('eu', 'us'),
      servedBy: fc.constantFrom('eu', 'us', 'ap'),
      term: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 255 })),
      copy: fc.integer({ min: 0, max: 2 }),
    }),
    { minLength: 1, maxLength: 20 },
  )
  .map((drafts) => drafts.map(({ home, servedBy, term, copy }) => promotion(home, servedBy, term, copy)));

const shuffled = promotions.chain((events) =>
  fc.record({
    events: fc.constant(events),
    again: fc.shuffledSubarray([...events, ...events], { minLength: events.length * 2 }),
  }),
);

describe('which region serves a home', () => {
  it('is the region itself, in term 0, as long as nobody was promoted', () =>
    expect(servingOf('eu', undefined)).toEqual({ servedBy: 'eu', term: 0 }));

  it('is told by the highest term, also when it comes first', () => {
    const rows = tableOf([promotion('eu', 'eu', 2), promotion('eu', 'us', 1)]);
    expect(servingOf('eu', rows.get(addressOf(servingRow('eu'))))).toMatchObject({ servedBy: 'eu', term: 2 });
    expect(rows.get(addressOf(termRow('eu', 1)))).toMatchObject({ servedBy: 'us', term: 1 });
  });

  it('is the one of the lower id where two gave out the same term', () => {
    const [first, second] = [promotion('eu', 'us', 1), promotion('eu', 'eu', 1)].sort((a, b) => (a.id < b.id ? -1 : 1));
    const rows = tableOf([second!, first!]);
    expect(rows.get(addressOf(servingRow('eu')))).toMatchObject({ eventId: first!.id, servedBy: first!.data.servedBy });
  });

  it('does not depend on the order of the promotions, nor on copies of them', () =>
    fc.assert(fc.property(shuffled, ({ events, again }) => expect([...tableOf(again)]).toEqual([...tableOf(events)]))));

  it('is not told by a term that nobody can have come to', () => {
    const rows = tableOf([promotion('eu', 'us', 255)]);
    expect(servingOf('eu', rows.get(addressOf(servingRow('eu'))))).toEqual({ servedBy: 'eu', term: 0 });
    const after = tableOf([promotion('eu', 'us', 255), promotion('eu', 'us', 1)]);
    expect(after.get(addressOf(servingRow('eu')))).toMatchObject({ servedBy: 'us', term: 1 });
  });

  it('is told by it once those between have come, in whatever order', () => {
    const far = 1 + termJumpMax;
    const events = [promotion('eu', 'us', far + termJumpMax), promotion('eu', 'eu', far), promotion('eu', 'us', 1)];
    const rows = tableOf(events);
    expect(rows.get(addressOf(servingRow('eu')))).toMatchObject({ servedBy: 'us', term: far + termJumpMax });
    expect([...rows.keys()].filter((key) => !key.includes(termKeys.from) && !key.endsWith('serving'))).toEqual([]);
  });
});

describe('the next term', () => {
  const successors = ['eu', 'us', 'ap'];

  it.each([
    [0, 'us', 1],
    [0, 'ap', 2],
    [1, 'eu', 3],
    [3, 'us', 4],
    [3, 'eu', 6],
    [4, 'ap', 5],
  ])('behind %i for %s is %i', (known, servedBy, term) => expect(nextTerm(known, servedBy, successors)).toBe(term));

  it('never is one for two regions, however far behind either is, and never further than a region may go', () => {
    const known = fc.integer({ min: 0, max: 200 });
    const list = fc.integer({ min: 1, max: termJumpMax }).map((count) => Array.from({ length: count }, (_, i) => `r${i}`));
    fc.assert(
      fc.property(known, known, list, fc.nat(), fc.nat(), (one, other, regions, a, b) => {
        const [first, second] = [a % regions.length, b % regions.length];
        const term = nextTerm(one, regions[first]!, regions);
        expect(term > one && term <= one + termJumpMax).toBe(true);
        if (first !== second) expect(nextTerm(other, regions[second]!, regions)).not.toBe(term);
      }),
    );
  });

  it('has none for a region that may not serve', () => expect(() => nextTerm(0, 'xx', successors)).toThrow(RangeError));
});
