import type { CaseProgressed, ReportSuppressed } from '@ringside/events';

import { attach, type Attachment, type ReportEvent } from './attachment.js';
import { isReportEvent, type CaseChange } from './case-events.js';
import type { CaseFile, DecisionSummary } from './case-file.js';
import { attachmentKey, decisionKey, markKey, type CaseRows, type DecisionReports, type ReportMark } from './case-rows.js';
import type { CaseRules } from './case-rules.js';
import { sorted } from './open-times.js';

/** Reports whose share in the case may have changed, and the case's decisions after it. */
export interface Applied {
  readonly touched: readonly string[];
  readonly decisions: CaseFile['decisions'];
}

/** Puts what an event says of single reports and decisions into their rows. */
export function applyToReports(rows: CaseRows, event: CaseChange, rules: CaseRules): Applied {
  const decisions = rows.file()?.decisions ?? {};
  if (isReportEvent(event)) return { touched: applyReport(rows, event, rules), decisions };
  if (event.type === 'ReportSuppressed') return { touched: applySuppression(rows, event.data), decisions };
  if (event.type === 'CaseProgressed') return applyDecision(rows, event.data, decisions);
  return { touched: [], decisions };
}

function applyReport(rows: CaseRows, event: ReportEvent, rules: CaseRules): readonly string[] {
  const key = attachmentKey(event.data.reportId);
  const before = rows.get<Attachment>(key);
  const after = attach(before, event, rules);
  if (after === before) return [];
  rows.set(key, after);
  return [event.data.reportId];
}

const unmarked: ReportMark = { decisions: [], suppressed: {} };

function applySuppression(rows: CaseRows, data: ReportSuppressed['data']): readonly string[] {
  const { reportId, because, suppressed, revision } = data;
  const mark = rows.get<ReportMark>(markKey(reportId)) ?? unmarked;
  if ((mark.suppressed[because]?.revision ?? 0) >= revision) return [];
  rows.set(markKey(reportId), { ...mark, suppressed: sorted({ ...mark.suppressed, [because]: { revision, suppressed } }) });
  return [reportId];
}

/** Of one decision, the step with the highest number tells its state; the reports that its steps name add up. */
function applyDecision(
  rows: CaseRows,
  { caseVersion, decision }: CaseProgressed['data'],
  known: CaseFile['decisions'],
): Applied {
  if (decision === undefined) return { touched: [], decisions: known };
  const { reportIds, ...summary } = decision;
  const key = decisionKey(decision.decisionId);
  const before = rows.get<DecisionReports>(key);
  const isLatest = before === undefined || caseVersion >= before.caseVersion;
  const named = new Set(before?.reportIds);
  const added = reportIds.filter((reportId) => !named.has(reportId));
  const all = [...named, ...added].sort();
  const { state, verdict } = isLatest ? decision : before;
  rows.set(key, { state, verdict, caseVersion: isLatest ? caseVersion : before.caseVersion, reportIds: all });
  for (const reportId of added) addMark(rows, reportId, decision.decisionId);
  const latest: DecisionSummary = { ...summary, caseVersion };
  const decisions = isLatest ? sorted({ ...known, [decision.decisionId]: latest }) : known;
  return { touched: before?.state === state ? added : all, decisions };
}

function addMark(rows: CaseRows, reportId: string, decisionId: string): void {
  const mark = rows.get<ReportMark>(markKey(reportId)) ?? unmarked;
  rows.set(markKey(reportId), { ...mark, decisions: [...mark.decisions, decisionId].sort() });
}
