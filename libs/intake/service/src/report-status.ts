import { setTimeout as pause } from 'node:timers/promises';
import { isUuidv7 } from '@ringside/core';
import {
  caseStandingRow,
  decisionRow,
  decisionsNaming,
  reportDecisionsRow,
  reportRouteRow,
  reportStatusRow,
  standingTables,
  statusOf,
  subjectPartition,
  type CaseStanding,
  type DecisionOnRecord,
  type Handling,
  type ReportDecisions,
  type ReportOnFile,
  type ReportRoute,
  type ReportStatus,
} from '@ringside/intake-domain';
import type { Views } from '@ringside/team-kit';
import type { Intake } from './file-report.js';

const waitMsMax = 2_000;

/** More teams than will ever have a case about one player. */
const teamsMax = 50;

/** What is known of a report; undefined for an id that nobody was given. Waits for the view where the report is very young. */
export async function readReportStatus(
  { clock, lateReceipts }: Pick<Intake, 'clock' | 'lateReceipts'>,
  views: Views,
  reportId: string,
): Promise<ReportStatus | undefined> {
  if (!isUuidv7(reportId)) return undefined;
  const read = async () => (await views.get(reportStatusRow(reportId))) as unknown as ReportOnFile | undefined;
  const deadline = performance.now() + (lateReceipts.isYoung(reportId, clock()) ? waitMsMax : 0);
  let pauseMs = 2;
  for (;;) {
    const report = await read();
    if (report !== undefined) return statusInViews(views, report);
    if (performance.now() >= deadline) return undefined;
    await pause(pauseMs);
    pauseMs = Math.min(50, pauseMs * 2);
  }
}

async function statusInViews(views: Views, report: ReportOnFile): Promise<ReportStatus> {
  const [route, cases] = await Promise.all([
    views.get(reportRouteRow(report.reportId)) as Promise<unknown> as Promise<ReportRoute | undefined>,
    views.page(standingTables.subjects, subjectPartition(report.game, report.subjectId), { limit: teamsMax }),
  ]);
  const caseIds = cases.map(({ value }) => value['caseId'] as string);
  const handlings = await Promise.all(caseIds.map((caseId) => handlingOf(views, caseId, report.reportId)));
  return statusOf(report, route?.reasons ?? [report.reason], handlings.flat());
}

async function handlingOf(views: Views, caseId: string, reportId: string): Promise<readonly Handling[]> {
  const [found, naming] = await views.getMany([caseStandingRow(caseId), reportDecisionsRow(caseId, reportId)]);
  if (found === undefined) return [];
  const standing = found.value as unknown as CaseStanding;
  const named = (naming?.value as unknown as ReportDecisions | undefined)?.named ?? {};
  const ids = Object.keys(named);
  const rows = await views.getMany(ids.map((decisionId) => decisionRow(caseId, decisionId)));
  const onRecord = ids.flatMap((id, i) => (rows[i] ? [[id, rows[i].value as unknown as DecisionOnRecord] as const] : []));
  return [{ standing, decisions: decisionsNaming({ named }, new Map(onRecord), standing.terms) }];
}
