import { describe, expect, it } from '@jest/globals';
import { uuidv7 } from '@ringside/core';
import fc from 'fast-check';

import { addedBy, hashOf, isSame, noEvents, tallyOf, type Tally } from './digest.js';

interface Held {
  readonly id: string;
  readonly bytes: Uint8Array;
}

/** As the kit adds figures up: a row for each source, and whoever reads adds the rows. */
function tally(events: readonly Held[], sources = 1): Tally {
  const rows: Record<string, number>[] = Array.from({ length: sources }, () => ({}));
  events.forEach(({ id, bytes }, i) => {
    const row = rows[i % sources]!;
    for (const [name, amount] of Object.entries(addedBy(hashOf(id, bytes)))) row[name] = (row[name] ?? 0) + amount;
  });
  const sums: Record<string, number> = {};
  for (const row of rows) for (const [name, amount] of Object.entries(row)) sums[name] = (sums[name] ?? 0) + amount;
  return tallyOf(sums);
}

const held = fc.record({ id: fc.nat(1e12).map((at) => uuidv7(at)), bytes: fc.uint8Array({ maxLength: 40 }) });
const set = fc.uniqueArray(held, { minLength: 1, maxLength: 60, selector: ({ id }) => id });

describe('the digest of a set of events', () => {
  it('is the same in any order, and however many sources it was counted in', () =>
    fc.assert(
      fc.property(
        set.chain((events) =>
          fc.tuple(
            fc.constant(events),
            fc.shuffledSubarray(events, { minLength: events.length }),
            fc.integer({ min: 1, max: 8 }),
          ),
        ),
        ([events, shuffled, sources]) => expect(tally(shuffled, sources)).toEqual(tally(events)),
      ),
    ));

  it('is another one without one of them, with one more, or with a byte that is different', () =>
    fc.assert(
      fc.property(set, held, fc.nat(), ([first, ...rest], other, at) => {
        const events = [first!, ...rest];
        const whole = tally(events);
        const without = at % events.length;
        expect(isSame(tally(events.filter((_, i) => i !== without)), whole)).toBe(false);
        expect(isSame(tally([...events, other]), whole)).toBe(false);
        const changed = events.map((one, i) =>
          i === without ? { ...one, bytes: Buffer.concat([one.bytes, Buffer.from('!')]) } : one,
        );
        expect(isSame(tally(changed), whole)).toBe(false);
      }),
    ));

  it('of nothing is nothing', () => expect(tallyOf({})).toEqual(noEvents));

  it('does not lose what a million events add up to', () => {
    const most = 'f'.repeat(32);
    const figures = Object.fromEntries(Object.entries(addedBy(most)).map(([name, amount]) => [name, amount * 1_000_000]));
    const expected = ((2n ** 128n - 1n) * 1_000_000n) % 2n ** 128n;
    expect(tallyOf(figures)).toEqual({ events: 1_000_000, digest: expected.toString(16).padStart(32, '0') });
  });
});
