import { describe, expect, it } from '@jest/globals';
import { reasonWord } from './fields.js';
import { isOwned, isReportReason, reasonsOf, reportReasons } from './report-reasons.js';

describe('report reasons', () => {
  it('are those of the HTTP surface, in its order, with the teams that capture them', () => {
    expect(reportReasons.map(({ reason, teams, needsDescription }) => [reason, teams.join('+'), needsDescription])).toEqual([
      ['aimbot', 'cheating', false],
      ['wallhack', 'cheating', false],
      ['speedhack', 'cheating', false],
      ['macro', 'cheating', false],
      ['boosting', 'cheating', false],
      ['account_sharing', 'cheating', false],
      ['harassment', 'abuse', false],
      ['hate_speech', 'abuse', false],
      ['threat', 'abuse', false],
      ['spam', 'abuse+cheating', false],
      ['offensive_name', 'abuse', false],
      ['self_harm', 'abuse', false],
      ['child_safety', 'abuse', false],
      ['griefing', '', false],
      ['other', '', true],
    ]);
  });

  it('are words that an event takes, each with a label of its own', () => {
    for (const { reason } of reportReasons) expect(reasonWord.safeParse(reason).success).toBe(true);
    expect(new Set(reportReasons.map(({ label }) => label)).size).toBe(reportReasons.length);
  });

  it('are captured by their teams, spam by two', () => {
    expect(reasonsOf('cheating')).toEqual(['aimbot', 'wallhack', 'speedhack', 'macro', 'boosting', 'account_sharing', 'spam']);
    expect(reasonsOf('abuse')).toEqual([
      'harassment',
      'hate_speech',
      'threat',
      'spam',
      'offensive_name',
      'self_harm',
      'child_safety',
    ]);
  });

  it('leave to others-triage what nobody owns and what nobody knows', () => {
    for (const owned of ['aimbot', 'spam', 'child_safety']) expect(isOwned(owned)).toBe(true);
    for (const unowned of ['griefing', 'other', 'team_sabotage', 'constructor', '__proto__', ''])
      expect(isOwned(unowned)).toBe(false);
    expect(isReportReason('griefing')).toBe(true);
    expect(isReportReason('constructor')).toBe(false);
  });
});
