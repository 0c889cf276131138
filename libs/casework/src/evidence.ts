import type { JsonObject, Projection, RowKey } from '@ringside/core';
import type { RingsideEvent } from '@ringside/events';

import { caseIdOf, type CaseRules } from './case-rules.js';

/** Partition = case, key = report: what the reporter sent along. Regional and personal. Insert-only. */
export const evidenceTable = 'case_evidence';

export const evidenceRow = (caseId: string, reportId: string): RowKey => ({
  table: evidenceTable,
  partition: caseId,
  key: reportId,
});

/** The evidence of the reports that a team captures, as it was filed. */
export function evidenceOnFile(rules: CaseRules): Projection<RingsideEvent> {
  return {
    name: 'EvidenceOnFile',
    tables: [evidenceTable],
    entity: (event) => {
      if (event.type !== 'ReportEvidenceFiled' || !rules.captures(event.data.reason)) return undefined;
      const { game, subjectId, reportId } = event.data;
      return evidenceRow(caseIdOf(rules.team, game, subjectId), reportId);
    },
    project: (event) => {
      if (event.type !== 'ReportEvidenceFiled') return [];
      const { game, subjectId, reportId } = event.data;
      const row = evidenceRow(caseIdOf(rules.team, game, subjectId), reportId);
      return [{ kind: 'put', ...row, value: event.data as unknown as JsonObject }];
    },
  };
}
