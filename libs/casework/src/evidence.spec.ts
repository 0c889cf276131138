import { describe, expect, it } from '@jest/globals';
import { aReport, evidenceOf, play } from '@ringside/testing';

import { caseIdOf, type CaseRules } from './case-rules.js';
import { evidenceOnFile } from './evidence.js';

const rules: CaseRules = {
  team: 'cheating',
  captures: (reason) => reason === 'aimbot',
  weigh: () => ({ severity: 5, decideWithinHours: 72 }),
};

describe('EvidenceOnFile', () => {
  it('has what came with the reports that the team captures, by case', () => {
    const caseId = caseIdOf('cheating', 'stormfall', 'subject-1');
    const evidence = evidenceOf(aReport());
    const projection = evidenceOnFile(rules);
    expect(Object.fromEntries(play([projection], [evidence]))).toEqual({
      [`case_evidence/${caseId}/${evidence.data.reportId}`]: evidence.data,
    });
    expect(projection).toMatchObject({ name: 'EvidenceOnFile', tables: ['case_evidence'] });
    expect(projection.entity(evidenceOf(aReport({ reason: 'harassment' })))).toBeUndefined();
    expect(projection.entity(aReport())).toBeUndefined();
  });
});
