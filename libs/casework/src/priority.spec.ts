import { describe, expect, it } from '@jest/globals';

import { dueAt, type CaseFile } from './case-file.js';
import type { CaseRules } from './case-rules.js';
import { priorityOf } from './priority.js';

const rules: CaseRules = {
  team: 'abuse',
  captures: () => true,
  weigh: (reason) => (reason === 'threat' ? { severity: 9, decideWithinHours: 12 } : { severity: 2, decideWithinHours: 168 }),
};

describe('priorityOf', () => {
  it('takes the gravest reason', () => {
    expect(priorityOf({ reasons: { spam: 40, threat: 1 }, distinctReporters: 1 }, rules).score).toBe(9);
  });

  it.each([
    [1, 1],
    [2, 2],
    [3, 2],
    [4, 3],
    [7, 3],
    [8, 4],
  ])('counts %i reporters as %i', (distinctReporters, factor) => {
    expect(priorityOf({ reasons: { threat: 1 }, distinctReporters }, rules).score).toBe(9 * factor);
  });

  it('is nothing where nothing is open', () => {
    expect(priorityOf({ reasons: {}, distinctReporters: 0 }, rules).score).toBe(0);
  });

  it('names each factor, and their product is the score', () => {
    const { score, factors } = priorityOf({ reasons: { threat: 3 }, distinctReporters: 5 }, rules);
    expect(factors.map(({ name }) => name)).toEqual(['severity', 'reporters']);
    expect(factors.reduce((product, { value }) => product * value, 1)).toBe(score);
  });
});

describe('dueAt', () => {
  const file = { openedAt: '2026-01-31T12:00:00.000Z', reasons: { spam: 1, threat: 1 } } as Partial<CaseFile> as CaseFile;

  it('follows the most urgent reason', () => {
    expect(dueAt(file, rules)).toBe('2026-02-01T00:00:00.000Z');
  });

  it('is null once nothing is open', () => {
    expect(dueAt({ ...file, reasons: {} }, rules)).toBeNull();
  });
});
