import { describe, expect, it } from '@jest/globals';

import { faultsOfTime, hasHeld, summaryOf, tableOf, type Verdict } from './report.js';

const verdict = (name: string, more: Partial<Verdict> = {}): Verdict => ({
  ...{ part: 'attacks', group: 'slow', name, sent: 'bytes', came: '200', faults: [], ms: 1 },
  ...more,
});
const summary = (verdicts: readonly Verdict[]): string =>
  summaryOf({ short: true, startedAt: '', node: '', verdicts, figures: {} });

describe('a run', () => {
  it('has held where all has, and something was tried', () => {
    expect(hasHeld([verdict('a'), verdict('b')])).toBe(true);
    expect(hasHeld([verdict('a'), verdict('b', { faults: ['500'] })])).toBe(false);
    expect(hasHeld([])).toBe(false);
    expect(summary([])).toContain('nothing has held');
  });

  it('names what did not hold', () => {
    expect(summary([verdict('a'), verdict('b', { faults: ['500'] })])).toBe('1 of 2 did not hold: b.');
    expect(tableOf([verdict('b', { faults: ['500'] })])).toContain('BROKEN: 500');
  });
});

describe('a time that is too long', () => {
  const faults = ['more than 3000 ms'];

  it('breaks a long run, and is said in a short one', () => {
    expect(hasHeld([verdict('a', faultsOfTime(faults, false))])).toBe(false);
    const short = [verdict('a', faultsOfTime(faults, true))];
    expect(hasHeld(short)).toBe(true);
    expect(summary(short)).toMatch(/does not judge: a\.\nAll 1 held\.$/);
    expect(tableOf(short)).toContain('not judged:');
  });
});
