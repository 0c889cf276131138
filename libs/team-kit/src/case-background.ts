import type { IsoTime } from '@ringside/core';
import {
  alikeKey,
  attachmentPrefix,
  caseRow,
  caseTables,
  markRow,
  mayCount,
  strikesAt,
  type Attachment,
  type CaseBackground,
  type CaseFile,
  type OpenReport,
  type ReportMark,
} from '@ringside/casework';
import type { Row } from '@ringside/view-store';

import { sanctionsOf } from './dossier.js';
import type { Views } from './views.js';

/**
 * A decision covers at most so many reports, those that count before the others, and of these the first ones filed: the rows of a step are written in one piece, and taking the
 * decision back writes some for each of its reports. What is beyond stays open for the next decision.
 */
export const reportsPerDecisionMax = 3_000;

export interface BackgroundQuery {
  readonly caseId: string;
  readonly subjectId: string;
  /** Which events of the case whoever decides had seen: a part of the version that they name. */
  readonly revision: number;
  readonly at: IsoTime;
}

/** What the views say of a case for a command: the open reports that its sender had seen, and the strikes against its subject. */
export async function backgroundOf(
  views: Views,
  { caseId, subjectId, revision, at }: BackgroundQuery,
): Promise<CaseBackground> {
  const [reports, sanctions] = await Promise.all([seenReportsOf(views, caseId, revision), sanctionsOf(views, subjectId)]);
  return { ...reports, priorStrikes: strikesAt(sanctions, at) };
}

type SeenReports = Pick<CaseBackground, 'openReports' | 'uncounted'>;

async function seenReportsOf(views: Views, caseId: string, revision: number): Promise<SeenReports> {
  const file = (await views.get(caseRow(caseId))) as unknown as CaseFile | undefined;
  if (file === undefined) return { openReports: [] };
  const newest = revision >= file.revision ? Infinity : await ordinalAt(views, caseId, revision);
  const counted: OpenReport[] = [];
  const uncounted: OpenReport[] = [];
  const isFirstOfItsKind = firstsOfTheirKind();
  for await (const rows of pagesOf(views, caseId, attachmentPrefix)) {
    const marks = await views.getMany(rows.map(({ value }) => markRow(caseId, value['reportId'] as string)));
    rows.forEach(({ value, timestamp }, i) => {
      const report = value as unknown as Attachment;
      if (!report.active) return;
      const mark = marks[i]?.value as ReportMark | undefined;
      const counts = mayCount(report, mark) && isFirstOfItsKind(report);
      const isCovered = mark?.decisions.some((decisionId) => file.decisions[decisionId]?.state === 'in_effect') ?? false;
      if (isCovered || timestamp > newest) return;
      const { reportId, reason, filedAt } = report;
      (counts ? counted : uncounted).push({ reportId, reason, filedAt });
    });
  }
  const openReports = counted.sort(byFiling).slice(0, reportsPerDecisionMax);
  const others = uncounted.sort(byFiling).slice(0, reportsPerDecisionMax - openReports.length);
  return others.length === 0 ? { openReports } : { openReports, uncounted: others };
}

const byFiling = (a: OpenReport, b: OpenReport): number => (a.filedAt < b.filedAt ? -1 : 1);

/** A report that counts is the first of those alike: of one key, in the order of ids, the others come behind it. */
function firstsOfTheirKind(): (report: Attachment) => boolean {
  const alike = new Set<string>();
  return (report) => {
    const key = alikeKey(report);
    if (key === undefined) return true;
    const isFirst = !alike.has(key);
    alike.add(key);
    return isFirst;
  };
}

/**
 * The timestamp of the case's event number `revision`: attachments that are not newer were there when the case had that revision.
 * The kit keeps a row for each event in the case's partition, with the event's ordinal as its timestamp.
 */
async function ordinalAt(views: Views, caseId: string, revision: number): Promise<number> {
  const ordinals: number[] = [];
  for await (const rows of pagesOf(views, caseId, 'seen/')) ordinals.push(...rows.map(({ timestamp }) => timestamp));
  return ordinals.sort((a, b) => a - b)[revision - 1] ?? 0;
}

async function* pagesOf(views: Views, caseId: string, prefix: string): AsyncGenerator<readonly Row[]> {
  let after: string | undefined;
  const range = { from: prefix, to: `${prefix.slice(0, -1)}0`, limit: 1_000 }; // "0" follows "/"
  for (;;) {
    const rows = await views.page(caseTables.cases, caseId, { ...range, ...(after === undefined ? {} : { after }) });
    yield rows;
    if (rows.length < range.limit) return;
    after = rows.at(-1)!.key;
  }
}
