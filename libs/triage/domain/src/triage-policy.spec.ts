import { describe, expect, it } from '@jest/globals';
import { reportReasons, isOwned } from '@ringside/events';

import { triagePolicy } from './triage-policy.js';
import { triageRules } from './triage-rules.js';

describe('what triage captures', () => {
  it('is whatever no team owns, and whatever nobody knows', () => {
    expect(triageRules.team).toBe('others-triage');
    for (const { reason } of reportReasons) expect(triageRules.captures(reason)).toBe(!isOwned(reason));
    for (const reason of ['not_known_yet', 'constructor', '']) expect(triageRules.captures(reason)).toBe(true);
  });

  it('is looked at the sooner the less is known of it', () => {
    const [griefing, other, unknown] = ['griefing', 'other', 'not_known_yet'].map((reason) => triageRules.weigh(reason));
    for (const { severity, decideWithinHours } of [griefing!, other!, unknown!]) {
      expect(severity).toBeGreaterThanOrEqual(1);
      expect(severity).toBeLessThanOrEqual(10);
      expect(decideWithinHours).toBeGreaterThanOrEqual(24);
    }
    expect(unknown!.severity).toBeGreaterThan(other!.severity);
    expect(other!.severity).toBeGreaterThan(griefing!.severity);
    expect(unknown!.decideWithinHours).toBeLessThan(other!.decideWithinHours);
    expect(other!.decideWithinHours).toBeLessThan(griefing!.decideWithinHours);
  });
});

describe('the policy of triage', () => {
  it('imposes nothing on anybody', () => {
    const background = {
      openReports: [{ reportId: 'r1', reason: 'other', filedAt: '2026-01-31T12:00:00.000Z' }],
      priorStrikes: 5,
    };
    expect(triagePolicy.team).toBe('others-triage');
    expect(triagePolicy.sanctionKinds).toEqual([]);
    expect(triagePolicy.suggestedSanctions(background)).toEqual([]);
    expect(triagePolicy.needsApproval([], background)).toBe(false);
    expect(triagePolicy.clauses).toEqual({});
  });

  it('knows of any clause what the contract with the player says', () => {
    expect(triagePolicy.otherClause).toEqual({
      title: 'conduct against the rules of the game',
      provision: 'Rules of the game',
      ground: 'DECISION_GROUND_INCOMPATIBLE_CONTENT',
      category: 'STATEMENT_CATEGORY_OTHER_VIOLATION_TC',
    });
  });
});
