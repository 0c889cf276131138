import { describe, expect, it } from '@jest/globals';
import { isoTime } from '@ringside/core';

import type { CaseFile } from './case-file.js';
import type { CaseRules } from './case-rules.js';
import { priorityOf, type PriorityFactor } from './priority.js';

const hour = (at: number): string => isoTime(Date.UTC(2026, 0, 31) + at * 3_600_000);
const rules: CaseRules = {
  team: 'abuse',
  captures: () => true,
  weigh: (reason) => ({ severity: reason === 'threat' ? 9 : 2, decideWithinHours: 12 }),
};
type Weighed = Pick<CaseFile, 'open' | 'strikes' | 'pausedMs' | 'heldSince'>;
const filed = { count: 1, first: hour(0), last: hour(0), hours: {} };
const file = (given: Partial<Weighed> = {}, open: Partial<Weighed['open']> = {}): Weighed => ({
  ...{ strikes: { prior: 0, revision: 0 }, pausedMs: 0, heldSince: null },
  open: { reports: 1, reporters: 1, credibility: 100, reasons: { threat: filed }, ...open },
  ...given,
});
const factor = (name: PriorityFactor['name'], one: Weighed, at = hour(3)) =>
  priorityOf(one, rules, at).factors.find((each) => each.name === name);

describe('what is said of a priority', () => {
  it.each([
    [0, 1, 'The player has no strikes.'],
    [1, 1.25, 'The player has 1 strike; each adds a quarter, up to 8.'],
    [8, 3, 'The player has 8 strikes; each adds a quarter, up to 8.'],
    [9, 3, 'The player has 9 strikes; each adds a quarter, up to 8.'],
  ])('%i strikes', (prior, value, because) => {
    expect(factor('strikes', file({ strikes: { prior, revision: 1 } }))).toEqual({ name: 'strikes', value, because });
  });

  it.each([
    [1, 100, 1, '1 player reported what is open; each doubling adds one.'],
    [2, 200, 2, '2 players reported what is open; each doubling adds one.'],
    [
      ...[2, 100, 1],
      '2 players reported what is open; by what became of their earlier reports they count as 1.00, and each doubling adds one.',
    ],
    [
      ...[1, 99, 0.99],
      '1 player reported what is open; by what became of their earlier reports they count as 0.99, and each doubling adds one.',
    ],
  ] as [number, number, number, string][])('%i reporters believed for %i', (reporters, credibility, value, because) => {
    expect(factor('reporters', file({}, { reporters, credibility }))).toEqual({ name: 'reporters', value, because });
  });

  it.each([
    [1, 'It is due in 11 hours; 72 hours nearer count twice.'],
    [11, 'It is due in 1 hour; 72 hours nearer count twice.'],
    [12, 'It is due in 0 hours; 72 hours nearer count twice.'],
    [14, 'It was due 2 hours ago; 72 hours nearer count twice.'],
  ])('a deadline %i hours after the report', (at, because) => {
    expect(factor('deadline', file(), hour(at))).toEqual({ name: 'deadline', value: 2 ** ((at - 12) / 72), because });
  });

  it.each([
    [0.9, 'The last open report came in within the last hour; 72 hours count half.'],
    [1, 'The last open report came in about 1 hour ago; 72 hours count half.'],
    [5, 'The last open report came in about 5 hours ago; 72 hours count half.'],
  ])('the last report %d hours ago', (at, because) => {
    expect(factor('recency', file(), hour(at))).toMatchObject({ because });
  });

  it('stands still from when the case was put on hold, and not before', () => {
    const held = file({ heldSince: hour(4) });
    expect(factor('deadline', held, hour(9))).toEqual({
      ...{ name: 'deadline', value: 2 ** (-8 / 72) },
      because: 'It is due in 8 hours, while the case is on hold; 72 hours nearer count twice.',
    });
    expect(factor('recency', held, hour(9))!.because).toBe(
      'The last open report came in about 4 hours ago, while the case is on hold; 72 hours count half.',
    );
    expect(priorityOf(held, rules, hour(9))).toEqual(priorityOf(held, rules, hour(4)));
    // At a time before the hold the case is as it was then.
    expect(priorityOf(held, rules, hour(3)).score).toBe(priorityOf(file(), rules, hour(3)).score);
  });

  it('is the gravest reason, and of two that are alike the first', () => {
    const said = (...reasons: readonly string[]) =>
      factor('severity', file({}, { reasons: Object.fromEntries(reasons.map((reason) => [reason, filed])) }));
    expect(said('spam', 'threat')).toMatchObject({ value: 9, because: 'threat is the gravest reason that is open.' });
    expect(said('threat', 'spam')).toMatchObject({ value: 9, because: 'threat is the gravest reason that is open.' });
    expect(said('spam', 'toxic')).toMatchObject({ value: 2, because: 'spam is the gravest reason that is open.' });
  });

  it('is that nothing is open', () => {
    const because = 'Nothing is open.';
    expect(priorityOf(file({}, { reports: 0, reporters: 0, credibility: 0, reasons: {} }), rules, hour(3))).toEqual({
      score: 0,
      factors: [
        { name: 'severity', value: 0, because },
        { name: 'reporters', value: 0, because: '0 players reported what is open; each doubling adds one.' },
        { name: 'recency', value: 1, because },
        { name: 'strikes', value: 1, because: 'The player has no strikes.' },
        { name: 'deadline', value: 1, because },
      ],
    });
  });
});
