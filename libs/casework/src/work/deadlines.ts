import { isoTime, type IsoTime } from '@ringside/core';

import type { CaseBackground } from './case-command.js';
import type { CaseWork } from './case-work.js';

export interface Deadline {
  readonly deadline: 'acknowledge' | 'decide';
  readonly dueAt: IsoTime;
}

/** How soon a team answers reports of a reason, in hours after they were filed. */
export interface AnswerTimes {
  /** Until somebody has to have taken the case on. */
  readonly acknowledgeWithinHours: number;
  readonly decideWithinHours: number;
}

/**
 * What is due on a case and when, by the most urgent of its open reports; nothing where none is open. Acknowledging is due for
 * reports that came after somebody last took the case on. A hold moves what is due by its length once it is over; while it runs,
 * the times are as if it had just ended at its beginning, and no deadline is announced.
 */
export function deadlinesOf(
  openReports: CaseBackground['openReports'],
  { acknowledgedAt, pausedMs }: Pick<CaseWork, 'acknowledgedAt' | 'pausedMs'>,
  answerTimes: (reason: string) => AnswerTimes,
): readonly Deadline[] {
  const unacknowledged = openReports.filter(({ filedAt }) => acknowledgedAt === null || filedAt > acknowledgedAt);
  return [
    ...earliest('acknowledge', unacknowledged, (reason) => answerTimes(reason).acknowledgeWithinHours, pausedMs),
    ...earliest('decide', openReports, (reason) => answerTimes(reason).decideWithinHours, pausedMs),
  ];
}

function earliest(
  deadline: Deadline['deadline'],
  reports: CaseBackground['openReports'],
  hoursFor: (reason: string) => number,
  pausedMs: number,
): readonly Deadline[] {
  if (reports.length === 0) return [];
  let dueMs = Infinity;
  for (const { reason, filedAt } of reports) dueMs = Math.min(dueMs, Date.parse(filedAt) + hoursFor(reason) * 3_600_000);
  return [{ deadline, dueAt: isoTime(dueMs + pausedMs) }];
}
