import { isoTime } from '@ringside/core';

import type { Attachment, ReportEvent } from './attachment.js';
import { caseIdOf, type CaseRules } from './case-rules.js';

export type CaseStatus = 'open' | 'decided';

/** One team's file on one subject in one game, as far as reports make it up. */
export interface CaseFile {
  readonly caseId: string;
  readonly team: string;
  readonly game: string;
  readonly subjectId: string;
  readonly homeRegion: string;
  /** Open while it has reports that no decision covers. */
  readonly status: CaseStatus;
  /** The number of events that concern this case: rises by one with each. */
  readonly version: number;
  readonly reportCount: number;
  readonly distinctReporters: number;
  /** Counted reports by reason; reasons without any are left out. */
  readonly reasons: Readonly<Record<string, number>>;
  /** When the first of its reports was filed. */
  readonly openedAt: string;
  readonly lastReportedAt: string;
}

/** What one event changes about one report of the case. */
export interface AttachmentChange {
  readonly before: Attachment | undefined;
  readonly after: Attachment;
  /** How many counted reports this reporter had in this case before the event. */
  readonly reportsByReporter: number;
}

const counted = (attachment: Attachment | undefined): number => (attachment?.active ? 1 : 0);

/** By how much the event changes the number of counted reports: -1, 0 or 1. */
export const countedDelta = (change: AttachmentChange): number => counted(change.after) - counted(change.before);

/** The case after an event. Depends on the set of events alone, not on their order. */
export function evolveCase(
  state: CaseFile | undefined,
  event: ReportEvent,
  change: AttachmentChange,
  rules: CaseRules,
): CaseFile {
  const { game, subjectId, subjectHomeRegion } = event.data;
  const { before, after, reportsByReporter } = change;
  const delta = countedDelta(change);
  const reportCount = (state?.reportCount ?? 0) + delta;
  return {
    caseId: state?.caseId ?? caseIdOf(rules.team, game, subjectId),
    team: rules.team,
    game,
    subjectId,
    homeRegion: earlier(state?.homeRegion, subjectHomeRegion),
    status: reportCount > 0 ? 'open' : 'decided',
    version: (state?.version ?? 0) + 1,
    reportCount,
    distinctReporters: (state?.distinctReporters ?? 0) + Number(reportsByReporter + delta > 0) - Number(reportsByReporter > 0),
    reasons: recount(state?.reasons ?? {}, before, after),
    openedAt: earlier(state?.openedAt, event.data.filedAt),
    lastReportedAt: later(state?.lastReportedAt, event.data.filedAt),
  };
}

const earlier = (a: string | undefined, b: string): string => (a !== undefined && a < b ? a : b);
const later = (a: string | undefined, b: string): string => (a !== undefined && a > b ? a : b);

function recount(
  reasons: Readonly<Record<string, number>>,
  before: Attachment | undefined,
  after: Attachment,
): Readonly<Record<string, number>> {
  if (before === after) return reasons;
  const counts = new Map(Object.entries(reasons));
  if (before?.active) counts.set(before.reason, (counts.get(before.reason) ?? 0) - 1);
  if (after.active) counts.set(after.reason, (counts.get(after.reason) ?? 0) + 1);
  // Sorted, so that the same set of events gives the same bytes in whichever order they came.
  return Object.fromEntries([...counts].filter(([, count]) => count > 0).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** When a case must be decided, by the most urgent of its reasons; null once nothing is open. */
export function dueAt(file: CaseFile, rules: CaseRules): string | null {
  const hours = Object.keys(file.reasons).map((reason) => rules.weigh(reason).decideWithinHours);
  return hours.length === 0 ? null : isoTime(Date.parse(file.openedAt) + Math.min(...hours) * 3_600_000);
}
