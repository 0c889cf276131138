import { setTimeout as pause } from 'node:timers/promises';
import { isUuidv7, timeOfUuidv7, type Clock } from '@ringside/core';
import { reportStatusRow, type ReportStatus } from '@ringside/intake-domain';
import type { Views } from '@ringside/team-kit';

/** A report this young may not be in the view yet. */
const youngMsMax = 5_000;
const waitMsMax = 2_000;

/** What is known of a report; undefined for an id that nobody was given. Waits for the view where the report is very young. */
export async function readReportStatus(views: Views, reportId: string, clock: Clock): Promise<ReportStatus | undefined> {
  if (!isUuidv7(reportId)) return undefined;
  const read = async () => (await views.get(reportStatusRow(reportId))) as ReportStatus | undefined;
  const deadline = performance.now() + (Math.abs(clock() - timeOfUuidv7(reportId)) < youngMsMax ? waitMsMax : 0);
  let pauseMs = 2;
  for (;;) {
    const status = await read();
    if (status !== undefined || performance.now() >= deadline) return status;
    await pause(pauseMs);
    pauseMs = Math.min(50, pauseMs * 2);
  }
}
