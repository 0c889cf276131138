import type { Projection, RowKey } from '@ringside/core';
import type { ReporterStandingChanged, RingsideEvent } from '@ringside/events';

import { caseOf } from './case-events.js';
import { put } from './case-rows.js';
import { caseIdOf, type CaseRules } from './case-rules.js';

/**
 * Partition = reporter. Rows `filed/<time>/<report>`, insert-only: reports that this player filed and this team captured; and
 * `standing`: how far the team believes them. In one partition, and in this order, so that one page from its end has the standing
 * and the latest reports.
 */
export const filedReportsTable = 'player_filed_reports';
export const filedPrefix = 'filed/';

export const filedRow = (reporterId: string, filedAt: string, reportId: string): RowKey => ({
  table: filedReportsTable,
  partition: reporterId,
  key: `${filedPrefix}${filedAt}/${reportId}`,
});
export const standingRow = (reporterId: string): RowKey => ({
  table: filedReportsTable,
  partition: reporterId,
  key: 'standing',
});

/** A report as its reporter's history has it. */
export interface FiledReport {
  readonly reportId: string;
  readonly caseId: string;
  readonly game: string;
  readonly subjectId: string;
  readonly reason: string;
  readonly filedAt: string;
}

/** How far a team believes a player, as it was said last. */
export type ReporterStanding = Omit<ReporterStandingChanged['data'], 'reporterId' | 'team'> & {
  /** Of the event: decides between two that have the same revision. */
  readonly eventId: string;
  readonly at: string;
};

/** What a player reported about others, as far as this team captured it, and how far the team believes them. */
export function filedReports(rules: CaseRules): Projection<RingsideEvent> {
  return {
    name: 'FiledReports',
    tables: [filedReportsTable],
    entity: (event) => {
      if (event.type === 'ReporterStandingChanged') {
        return event.data.team === rules.team ? standingRow(event.data.reporterId) : undefined;
      }
      if (event.type !== 'ReportFiled' || caseOf(event, rules) === undefined) return undefined;
      return filedRow(event.data.reporterId, event.data.filedAt, event.data.reportId);
    },
    project: (event, rows) => {
      if (event.type === 'ReporterStandingChanged') {
        const { reporterId, team: _, ...standing } = event.data;
        const row = standingRow(reporterId);
        const before = rows.get(row) as unknown as ReporterStanding | undefined;
        const after: ReporterStanding = { ...standing, eventId: event.id, at: event.time };
        return before !== undefined && !isLater(after, before) ? [] : [put(row, after)];
      }
      if (event.type !== 'ReportFiled') return [];
      const { reportId, reporterId, game, subjectId, reason, filedAt } = event.data;
      const caseId = caseIdOf(rules.team, game, subjectId);
      const filed: FiledReport = { reportId, caseId, game, subjectId, reason, filedAt };
      return [put(filedRow(reporterId, filedAt, reportId), filed)];
    },
  };
}

/** Two cases that are decided at once may lead to two changes of one reporter's standing with the same number. */
const isLater = (a: ReporterStanding, b: ReporterStanding): boolean =>
  a.revision > b.revision || (a.revision === b.revision && a.eventId > b.eventId);
