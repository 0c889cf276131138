import { describe, expect, it } from '@jest/globals';
import { appealFiled, createEvent } from '@ringside/events';
import { aReport, play } from '@ringside/testing';

import { appealsFiled, caseOfDecision, filedAppealRow } from './appeals-filed.js';

const time = '2026-01-31T12:00:00.000Z';

describe('AppealsFiled', () => {
  const known = `${'c'.repeat(22)}.3`;
  const appeal = (decisionId: string) =>
    createEvent(appealFiled, {
      data: { appealId: 'a1', playerId: 'p1', decisionId, statement: 'I was not even online.', filedAt: time },
      ...{ time, region: 'eu', source: 'report-intake' },
    });

  it('has the words of the player, of appeals against what may be a decision', () => {
    expect(Object.fromEntries(play([appealsFiled], [appeal(known)]))).toEqual({
      'appeals_filed/a1/filed': { decisionId: known, filedAt: time, statement: 'I was not even online.' },
    });
    expect(appealsFiled).toMatchObject({ name: 'AppealsFiled', tables: ['appeals_filed'] });
    expect(appealsFiled.entity(appeal(known))).toEqual(filedAppealRow('a1'));
    expect(appealsFiled.entity(appeal('nonsense'))).toBeUndefined();
    expect(appealsFiled.entity(aReport())).toBeUndefined();
  });

  it.each<[string, string | undefined]>([
    [known, 'c'.repeat(22)],
    [`Aa0_-${'z'.repeat(17)}.123456789012345`, `Aa0_-${'z'.repeat(17)}`],
    [`${'c'.repeat(21)}.3`, undefined],
    [`${'c'.repeat(23)}.3`, undefined],
    [`${'c'.repeat(22)}3`, undefined],
    [`${'c'.repeat(22)}.`, undefined],
    [`${'c'.repeat(22)}.1234567890123456`, undefined],
    [`${'c'.repeat(22)}.x`, undefined],
    [`${'c'.repeat(22)}.3.1`, undefined],
    [` ${known}`, undefined],
    [`${'ç'.repeat(22)}.3`, undefined],
  ])('finds the case of the decision %j', (decisionId, caseId) => {
    expect(caseOfDecision(decisionId)).toBe(caseId);
  });
});
