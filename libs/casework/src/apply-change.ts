import type { CaseProgressed, ReportSuppressed } from '@ringside/events';

import { attach, type Attachment, type ReportEvent } from './attachment.js';
import { isReportEvent, type CaseChange } from './case-events.js';
import type { CaseFile, DecisionSummary } from './case-file.js';
import { attachmentKey, decisionKey, markKey, type CaseRows, type DecisionSteps, type ReportMark } from './case-rows.js';
import type { CaseRules } from './case-rules.js';
import { lastSaid, reportsNamed, withStep } from './decision-steps.js';
import { sorted } from './open-times.js';
import { withTerm, type Terms } from './terms.js';

/** Reports whose share in the case may have changed, and the case's decisions and terms after it. */
export interface Applied {
  readonly touched: readonly string[];
  readonly decisions: CaseFile['decisions'];
  readonly terms: Terms | undefined;
}

/** Puts what an event says of single reports and decisions into their rows. */
export function applyToReports(rows: CaseRows, event: CaseChange, rules: CaseRules): Applied {
  const before = rows.file();
  if (event.type === 'CaseProgressed') return applyProgress(rows, event.data, before);
  const { decisions = {}, terms } = before ?? {};
  return { touched: touchedBy(rows, event, rules), decisions, terms };
}

function touchedBy(rows: CaseRows, event: Exclude<CaseChange, CaseProgressed>, rules: CaseRules): readonly string[] {
  if (isReportEvent(event)) return applyReport(rows, event, rules);
  return event.type === 'ReportSuppressed' ? applySuppression(rows, event.data) : [];
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
  const known = mark.suppressed[because];
  // Two regions may say different things under one number: the report counts then, whichever comes first.
  const isKnown = (at: number): boolean => at > revision || (at === revision && (suppressed || !known!.suppressed));
  if (known !== undefined && isKnown(known.revision)) return [];
  rows.set(markKey(reportId), { ...mark, suppressed: sorted({ ...mark.suppressed, [because]: { revision, suppressed } }) });
  return [reportId];
}

/**
 * Of one decision the last step in effect tells its state, and the reports that its steps in effect name add up. What has effect is
 * another thing once a step of a later term has come: then all decisions of the case are looked at again.
 */
function applyProgress(rows: CaseRows, data: CaseProgressed['data'], before: CaseFile | undefined): Applied {
  const { caseVersion, basedOn, decision } = data;
  const known = before?.decisions ?? {};
  const terms = { before: before?.terms, after: withTerm(before?.terms, caseVersion, basedOn) };
  const ids = new Set(terms.after === terms.before ? [] : Object.keys(known));
  if (decision !== undefined) ids.add(decision.decisionId);
  const touched = new Set<string>();
  const changed: Record<string, DecisionSummary> = {};
  for (const decisionId of ids) {
    const steps = rows.get<DecisionSteps>(decisionKey(decisionId))?.steps ?? [];
    const after = decisionId === decision?.decisionId ? withStep(steps, { ...decision, caseVersion }) : steps;
    if (after !== steps) rows.set(decisionKey(decisionId), { steps: after });
    const said = lastSaid(after, terms.after);
    if (said === undefined) continue; // its row is still to be fetched: the event is then projected again
    const { reportIds: _, ...summary } = said;
    changed[decisionId] = summary;
    const reports = { before: reportsNamed(steps, terms.before), after: reportsNamed(after, terms.after) };
    for (const reportId of reports.before) if (!reports.after.has(reportId)) mark(rows, reportId, decisionId, false);
    for (const reportId of reports.after) if (!reports.before.has(reportId)) mark(rows, reportId, decisionId, true);
    const isSame = lastSaid(steps, terms.before)?.state === said.state;
    for (const reportId of [...reports.before, ...reports.after]) {
      if (!isSame || !reports.before.has(reportId) || !reports.after.has(reportId)) touched.add(reportId);
    }
  }
  const decisions = ids.size === 0 ? known : sorted({ ...known, ...changed });
  return { touched: [...touched], decisions, terms: terms.after };
}

/** A row is there while something is said of the report, so that the same set of events leaves the same rows. */
function mark(rows: CaseRows, reportId: string, decisionId: string, names: boolean): void {
  const known = rows.get<ReportMark>(markKey(reportId)) ?? unmarked;
  const others = known.decisions.filter((other) => other !== decisionId);
  const decisions = names ? [...others, decisionId].sort() : others;
  const isBlank = decisions.length === 0 && Object.keys(known.suppressed).length === 0;
  rows.set(markKey(reportId), isBlank ? undefined : { ...known, decisions });
}
