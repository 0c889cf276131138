import { describe, expect, it } from '@jest/globals';
import { isoTime } from '@ringside/core';

import { acknowledgeBy, claimAt, dueAt, fileAt, lastOpenReportAt, openedAt, type CaseFile } from './case-file.js';
import type { CaseRules } from './case-rules.js';

/** A time of one day, given as its hour. */
const hour = (at: number): string => isoTime(Date.UTC(2026, 0, 31) + at * 3_600_000);
const rules: CaseRules = {
  team: 'cheating',
  captures: () => true,
  weigh: (reason) =>
    reason === 'macro'
      ? { severity: 3, decideWithinHours: 30, acknowledgeWithinHours: 5 }
      : { severity: 8, decideWithinHours: 24 },
};
const reported = (first: number, last: number) => ({ count: 2, first: hour(first), last: hour(last), hours: {} });
const file = (reasons: CaseFile['open']['reasons'], given: Partial<CaseFile> = {}): CaseFile => ({
  ...{ caseId: 'case', team: 'cheating', game: 'stormfall', subjectId: 'subject-1', homeRegion: 'eu' },
  ...{ revision: 1, streamVersion: 1, reportCount: 4, distinctReporters: 1, reasons: {} },
  ...{ firstReportedAt: hour(1), lastReportedAt: hour(20), strikes: { prior: 0, revision: 0 } },
  ...{ claim: null, acknowledgedAt: null, heldSince: null, pausedMs: 0, escalated: false, decisions: {} },
  status: Object.keys(reasons).length === 0 ? 'decided' : 'open',
  open: { reports: 2 * Object.keys(reasons).length, reporters: 1, credibility: 100, reasons },
  ...given,
});

describe('the times of a case', () => {
  it('are those of the first and the last report that is open, whatever their reasons', () => {
    for (const [aimbot, macro] of [
      [reported(3, 9), reported(4, 8)],
      [reported(4, 8), reported(3, 9)],
      [reported(3, 8), reported(4, 9)],
    ]) {
      const one = file({ aimbot: aimbot!, macro: macro! });
      expect([openedAt(one), lastOpenReportAt(one)]).toEqual([hour(3), hour(9)]);
    }
  });

  it('are that of its first report once nothing is open', () => {
    expect([openedAt(file({})), lastOpenReportAt(file({})), dueAt(file({}), rules)]).toEqual([hour(1), null, null]);
  });

  it('have a deadline, by the most urgent reason and later by the time on hold', () => {
    expect(dueAt(file({ aimbot: reported(9, 9), macro: reported(2, 2) }), rules)).toBe(hour(32));
    expect(dueAt(file({ aimbot: reported(7, 9), macro: reported(2, 2) }), rules)).toBe(hour(31));
    expect(dueAt(file({ aimbot: reported(7, 9) }, { pausedMs: 2 * 3_600_000 }), rules)).toBe(hour(33));
  });

  it.each<[string, number | null, number | null]>([
    ['by half of the time for deciding, before anybody has', null, 3 + 12],
    ['by the same, where somebody has before the first of its open reports', 2, 3 + 12],
    ['anew from then on, where reports came after that', 6, 6 + 12],
    ['no longer, where the last report came just then', 9, null],
    ['no longer, where none came after that', 10, null],
  ])('have somebody take the case on %s', (_, acknowledged, expected) => {
    const acknowledgedAt = acknowledged === null ? null : hour(acknowledged);
    const due = expected === null ? null : hour(expected);
    expect(acknowledgeBy(file({ aimbot: reported(3, 9) }, { acknowledgedAt }), rules)).toBe(due);
    const paused = file({ aimbot: reported(3, 9) }, { acknowledgedAt, pausedMs: 3_600_000 });
    expect(acknowledgeBy(paused, rules)).toBe(expected === null ? null : hour(expected + 1));
  });

  it('have it taken on within the time that a reason gives for it, the soonest first', () => {
    const both = { aimbot: reported(3, 9), macro: reported(7, 8) };
    expect(acknowledgeBy(file(both), rules)).toBe(hour(12));
    expect(acknowledgeBy(file(both, { acknowledgedAt: hour(8) }), rules)).toBe(hour(20));
  });
});

describe('a case at a time', () => {
  const claim = { by: 'ada', until: hour(12) };
  const claimed = file({ aimbot: reported(3, 9) }, { claim, status: 'claimed' });

  it('is held until the lease ends', () => {
    expect([hour(11), hour(12), hour(13)].map((at) => claimAt(claimed, at))).toEqual([claim, null, null]);
    expect(claimAt(file({}), hour(11))).toBeNull();
  });

  it('is as it is while nothing ends, and open or decided without the claim', () => {
    expect(fileAt(claimed, hour(11))).toBe(claimed);
    expect(fileAt(claimed, hour(12))).toEqual({ ...claimed, claim: null, status: 'open' });
    expect(fileAt(file({}, { claim }), hour(12))).toEqual(file({}));
    const unclaimed = file({ aimbot: reported(3, 9) });
    expect(fileAt(unclaimed, hour(12))).toBe(unclaimed);
  });
});
