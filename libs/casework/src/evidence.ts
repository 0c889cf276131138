import type { JsonObject, Projection } from '@ringside/core';
import type { RingsideEvent } from '@ringside/events';

import { caseIdOf, type CaseRules } from './case-rules.js';

/** Partition = case, key = report: what the reporter sent along. Regional and personal. Insert-only. */
export const evidenceTable = 'case_evidence';

/** The evidence of the reports that a team captures, as it was filed. */
export function evidenceOnFile(rules: CaseRules): Projection<RingsideEvent> {
  return {
    name: 'EvidenceOnFile',
    tables: [evidenceTable],
    entity: (event) => {
      if (event.type !== 'ReportEvidenceFiled' || !rules.captures(event.data.reason)) return undefined;
      const { game, subjectId, reportId } = event.data;
      return { table: evidenceTable, partition: caseIdOf(rules.team, game, subjectId), key: reportId };
    },
    project: (event) => {
      if (event.type !== 'ReportEvidenceFiled') return [];
      const { game, subjectId, reportId } = event.data;
      const partition = caseIdOf(rules.team, game, subjectId);
      return [{ kind: 'put', table: evidenceTable, partition, key: reportId, value: event.data as unknown as JsonObject }];
    },
  };
}
