import type { Projection, RowKey } from '@ringside/core';
import type { RingsideEvent } from '@ringside/events';

export const reportStatusTable = 'report_status';

/** What the reporter may know of a report. */
export interface ReportStatus {
  readonly reportId: string;
  /** The one that was chosen in the dialog, whatever a triager made of it later. */
  readonly reason: string;
  readonly filedAt: string;
  readonly status: 'received' | 'in_review' | 'closed';
  /** Never the sanction. */
  readonly outcome: 'action_taken' | 'no_action' | null;
}

export const reportStatusRow = (reportId: string): RowKey => ({ table: reportStatusTable, partition: reportId, key: 'status' });

/** The view behind `GET /v1/reports/{reportId}`. */
export const reportStatuses: Projection<RingsideEvent> = {
  name: 'ReportStatuses',
  tables: [reportStatusTable],
  entity: (event) => (event.type === 'ReportFiled' ? reportStatusRow(event.data.reportId) : undefined),
  project: (event, rows) => {
    if (event.type !== 'ReportFiled') return [];
    const { reportId, reason, filedAt } = event.data;
    const row = reportStatusRow(reportId);
    // A report filed a second time under its idempotency key is the one that is there.
    if (rows.get(row) !== undefined) return [];
    return [{ kind: 'put', ...row, value: { reportId, reason, filedAt, status: 'received', outcome: null } }];
  },
};
