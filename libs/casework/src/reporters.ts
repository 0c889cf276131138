import type { Projection } from '@ringside/core';
import type { RingsideEvent } from '@ringside/events';

import { caseOf } from './case-files.js';
import { caseIdOf, type CaseRules } from './case-rules.js';

/** Partition = reporter, key = report: reports that this player filed and this team captured. Insert-only. */
export const filedReportsTable = 'player_filed_reports';

/** What a player reported about others, as far as this team captured it. */
export function filedReports(rules: CaseRules): Projection<RingsideEvent> {
  return {
    name: 'FiledReports',
    tables: [filedReportsTable],
    entity: (event) => {
      if (event.type !== 'ReportFiled' || caseOf(event, rules) === undefined) return undefined;
      return { table: filedReportsTable, partition: event.data.reporterId, key: event.data.reportId };
    },
    project: (event) => {
      if (event.type !== 'ReportFiled') return [];
      const { reportId, reporterId, game, subjectId, reason, filedAt } = event.data;
      const caseId = caseIdOf(rules.team, game, subjectId);
      const value = { reportId, caseId, game, subjectId, reason, filedAt };
      return [{ kind: 'put', table: filedReportsTable, partition: reporterId, key: reportId, value }];
    },
  };
}
