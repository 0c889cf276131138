import type { IsoTime } from '@ringside/core';
import {
  attachmentPrefix,
  caseRow,
  caseTables,
  markRow,
  mayCount,
  strikesAt,
  type Attachment,
  type CaseBackground,
  type CaseFile,
  type ReportMark,
} from '@ringside/casework';
import type { Row } from '@ringside/view-store';

import { sanctionsOf } from './dossier.js';
import type { Views } from './views.js';

/**
 * A decision covers at most so many reports, the first ones filed: the rows of a step are written in one piece, and taking the
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
  const [openReports, sanctions] = await Promise.all([openReportsOf(views, caseId, revision), sanctionsOf(views, subjectId)]);
  return { openReports, priorStrikes: strikesAt(sanctions, at) };
}

async function openReportsOf(views: Views, caseId: string, revision: number): Promise<CaseBackground['openReports']> {
  const file = (await views.get(caseRow(caseId))) as unknown as CaseFile | undefined;
  if (file === undefined || file.open.reports === 0) return [];
  const newest = revision >= file.revision ? Infinity : await ordinalAt(views, caseId, revision);
  const open: CaseBackground['openReports'][number][] = [];
  // A report that counts is the first of those alike: of one key, in the order of ids, the others come behind it.
  const alike = new Set<string>();
  for await (const rows of pagesOf(views, caseId, attachmentPrefix)) {
    const marks = await views.getMany(rows.map(({ value }) => markRow(caseId, value['reportId'] as string)));
    rows.forEach(({ value, timestamp }, i) => {
      const report = value as unknown as Attachment;
      const mark = marks[i]?.value as ReportMark | undefined;
      if (!mayCount(report, mark)) return;
      const { reportId, reporterId, matchId, reason, filedAt } = report;
      if (matchId !== null) {
        const key = JSON.stringify([reporterId, matchId, reason]);
        if (alike.has(key)) return;
        alike.add(key);
      }
      const isCovered = mark?.decisions.some((decisionId) => file.decisions[decisionId]?.state === 'in_effect') ?? false;
      if (!isCovered && timestamp <= newest) open.push({ reportId, reason, filedAt });
    });
  }
  return open.sort((a, b) => (a.filedAt < b.filedAt ? -1 : 1)).slice(0, reportsPerDecisionMax);
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
