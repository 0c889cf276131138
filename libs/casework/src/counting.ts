import type { ViewWrite } from '@ringside/core';

import type { Attachment } from './attachment.js';
import type { CaseFile, DecisionSummary } from './case-file.js';
import {
  alikeKey,
  attachmentKey,
  caseTables,
  markKey,
  mayCount,
  put,
  reporterKey,
  type Alike,
  type CaseReporter,
  type CaseRows,
  type ReportMark,
} from './case-rows.js';
import { addOpen, changed, removeOpen } from './open-times.js';

type Decisions = CaseFile['decisions'];
type Counted = Pick<CaseFile, 'reportCount' | 'distinctReporters' | 'reasons' | 'open'>;
type Read = <T>(key: string) => T | undefined;

const nothingCounted: Counted = {
  reportCount: 0,
  distinctReporters: 0,
  reasons: {},
  open: { reports: 0, reporters: 0, credibility: 0, reasons: {} },
};

/** The report, where it may count. */
const eligible = (read: Read, reportId: string): Attachment | undefined => {
  const attachment = read<Attachment>(attachmentKey(reportId));
  return attachment && mayCount(attachment, read<ReportMark>(markKey(reportId))) ? attachment : undefined;
};

/** What one report adds to the case's figures. */
interface Share {
  readonly reporterId: string;
  readonly reason: string;
  readonly filedAt: string;
  readonly open: boolean;
}

function shareOf(read: Read, decisions: Decisions, reportId: string): Share | undefined {
  const attachment = eligible(read, reportId);
  if (attachment === undefined) return undefined;
  const alike = alikeKey(attachment);
  if (alike !== undefined && read<Alike>(alike)?.reports[0] !== reportId) return undefined;
  const { reporterId, reason, filedAt } = attachment;
  const named = read<ReportMark>(markKey(reportId))?.decisions ?? [];
  return { reporterId, reason, filedAt, open: !named.some((decisionId) => decisions[decisionId]?.state === 'in_effect') };
}

/**
 * The case's figures with the changes that were made to the rows of some reports, and to decisions that name them; and the reports
 * whose share in them may be another: these, and those that they are alike.
 */
export function recount(
  rows: CaseRows,
  touched: readonly string[],
  before: CaseFile | undefined,
  decisions: Decisions,
): { readonly counted: Counted; readonly affected: readonly string[] } {
  const regrouped = regroup(rows, touched);
  const affected = regrouped.length === 0 ? touched : [...new Set([...touched, ...regrouped])];
  let counted: Counted = before ?? nothingCounted;
  for (const reportId of affected) {
    const was = shareOf((key) => rows.before(key), before?.decisions ?? {}, reportId);
    const is = shareOf((key) => rows.get(key), decisions, reportId);
    if (was !== undefined && is !== undefined && sameShare(was, is)) continue;
    if (was !== undefined) counted = take(rows, counted, was);
    if (is !== undefined) counted = add(rows, counted, is);
  }
  const { reportCount, distinctReporters, reasons, open } = counted;
  return { counted: { reportCount, distinctReporters, reasons, open }, affected };
}

const sameShare = (a: Share, b: Share): boolean =>
  a.open === b.open && a.reason === b.reason && a.filedAt === b.filedAt && a.reporterId === b.reporterId;

/** Puts reports to those that they are alike now; answers with all that began or ceased to count for the others. */
function regroup(rows: CaseRows, touched: readonly string[]): readonly string[] {
  const keys = new Set<string>();
  for (const reportId of touched) {
    const was = eligible((key) => rows.before(key), reportId);
    const is = eligible((key) => rows.get(key), reportId);
    const [from, to] = [was && alikeKey(was), is && alikeKey(is)];
    if (from === to) continue;
    for (const key of [from, to]) {
      if (key === undefined) continue;
      keys.add(key);
      const others = (rows.get<Alike>(key)?.reports ?? []).filter((other) => other !== reportId);
      const reports = key === to ? [...others, reportId].sort() : others;
      rows.set(key, reports.length === 0 ? undefined : { reports });
    }
  }
  return [...keys].flatMap((key) => [rows.before<Alike>(key)?.reports[0] ?? [], rows.get<Alike>(key)?.reports[0] ?? []]).flat();
}

const add = (rows: CaseRows, counted: Counted, share: Share): Counted => change(rows, counted, share, 1);
const take = (rows: CaseRows, counted: Counted, share: Share): Counted => change(rows, counted, share, -1);

function change(rows: CaseRows, counted: Counted, { reporterId, reason, filedAt, open }: Share, by: 1 | -1): Counted {
  const openBy = open ? by : 0;
  const key = reporterKey(reporterId);
  const was = rows.get<CaseReporter>(key) ?? unheardOf;
  const { credibility, revision } = was;
  const is: CaseReporter = { reports: was.reports + by, open: was.open + openBy, credibility, revision };
  rows.set(key, is.reports === 0 && is.revision === 0 ? undefined : is);
  const opened = Number(is.open > 0) - Number(was.open > 0);
  const openReasons = by === 1 ? addOpen : removeOpen;
  return {
    reportCount: counted.reportCount + by,
    distinctReporters: counted.distinctReporters + Number(is.reports > 0) - Number(was.reports > 0),
    reasons: changed(counted.reasons, reason, by),
    open: {
      reports: counted.open.reports + openBy,
      reporters: counted.open.reporters + opened,
      credibility: counted.open.credibility + opened * is.credibility,
      reasons: open ? openReasons(rows, counted.open.reasons, reason, filedAt) : counted.open.reasons,
    },
  };
}

/** How far somebody is believed of whom nothing is known, in hundredths. */
export const credibilityNeutral = 100;
const unheardOf: CaseReporter = { reports: 0, open: 0, credibility: credibilityNeutral, revision: 0 };

/**
 * The case's figures with one of its reporters believed more, or less. The last weighing tells; of one that says two things, for
 * reports with different reasons, the lower.
 */
export function reweigh(
  rows: CaseRows,
  counted: Counted,
  weighed: { readonly reporterId: string; readonly credibility: number; readonly revision: number },
): Counted {
  const { reporterId, credibility, revision } = weighed;
  const was = rows.get<CaseReporter>(reporterKey(reporterId)) ?? unheardOf;
  if (was.revision > revision || (was.revision === revision && was.credibility <= credibility)) return counted;
  rows.set(reporterKey(reporterId), { reports: was.reports, open: was.open, credibility, revision });
  const delta = was.open > 0 ? credibility - was.credibility : 0;
  const { reportCount, distinctReporters, reasons, open } = counted;
  return {
    reportCount,
    distinctReporters,
    reasons,
    open: {
      reports: open.reports,
      reporters: open.reporters,
      credibility: open.credibility + delta,
      reasons: open.reasons,
    },
  };
}

/** Whether a decided report turned out to be right, by the last decision about it; undefined while none in effect says so. */
function foundedBy(read: Read, decisions: Decisions, reportId: string): boolean | undefined {
  const named = read<ReportMark>(markKey(reportId))?.decisions ?? [];
  const inEffect = named.flatMap((id) => (decisions[id]?.state === 'in_effect' ? [decisions[id]] : []));
  const verdict = inEffect.sort(lastMadeFirst)[0]?.verdict;
  return verdict === undefined || verdict === 'inconclusive' ? undefined : verdict === 'uphold';
}

/** By what no later step changes. */
const lastMadeFirst = (a: DecisionSummary, b: DecisionSummary): number =>
  b.decidedAt.localeCompare(a.decidedAt) || b.decisionId.localeCompare(a.decisionId);

/** A decided report of a player, as `reporter_outcomes` keeps it. */
export interface Outcome {
  readonly reportId: string;
  readonly reason: string;
  readonly filedAt: string;
  readonly founded: boolean;
}

/**
 * What the reporters' histories gain or lose by a change of these reports or of the decisions about them. What does not count is
 * decided with the rest and tells nothing more of its reporter.
 */
export function outcomeWrites(
  rows: CaseRows,
  affected: readonly string[],
  before: Decisions,
  after: Decisions,
): readonly ViewWrite[] {
  const outcome = (read: Read, decisions: Decisions, reportId: string): Outcome | undefined => {
    const share = shareOf(read, decisions, reportId);
    const founded = foundedBy(read, decisions, reportId);
    return share === undefined || founded === undefined
      ? undefined
      : { reportId, reason: share.reason, filedAt: share.filedAt, founded };
  };
  return affected.flatMap((reportId): readonly ViewWrite[] => {
    const was = outcome((key) => rows.before(key), before, reportId);
    const is = outcome((key) => rows.get(key), after, reportId);
    if (was?.founded === is?.founded && was?.reason === is?.reason) return [];
    const { reporterId, filedAt } = rows.get<Attachment>(attachmentKey(reportId))!;
    const row = { table: caseTables.outcomes, partition: reporterId, key: `${filedAt}/${reportId}` };
    return [is === undefined ? { kind: 'delete', ...row } : put(row, is)];
  });
}
