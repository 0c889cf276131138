import type { IsoTime, JsonObject } from '@ringside/core';
import {
  attachmentPrefix,
  caseRow,
  caseStepsTable,
  caseTables,
  dueAt,
  evidenceTable,
  fileAt,
  filedAppealRow,
  isSuperseded,
  listPartitions,
  markRow,
  openedAt,
  priorityOf,
  versionOf,
  type Attachment,
  type CaseFile,
  type CaseRules,
  type CaseStatus,
  type DecisionSummary,
  type ListFilter,
  type ListOrder,
  type Priority,
  type ReportMark,
  type Terms,
} from '@ringside/casework';

import { lapsedEntries, type ListEntry } from './due-cases.js';
import type { Views } from './views.js';

/** A case as the API shows it. */
export interface CaseView extends Pick<
  CaseFile,
  | 'caseId'
  | 'team'
  | 'game'
  | 'subjectId'
  | 'homeRegion'
  | 'status'
  | 'reportCount'
  | 'distinctReporters'
  | 'reasons'
  | 'claim'
  | 'acknowledgedAt'
  | 'heldSince'
  | 'escalated'
> {
  readonly version: number;
  readonly priority: Priority;
  /** Of the counted reports, those that no decision in effect covers. */
  readonly openReports: number;
  readonly openedAt: IsoTime | null;
  readonly lastReportedAt: IsoTime | null;
  readonly dueAt: IsoTime | null;
  /** In the order in which they were made. */
  readonly decisions: readonly DecisionSummary[];
}

/** The case as it is at a time: by then its claim may have run out. */
export function caseView(file: CaseFile, rules: CaseRules, at: IsoTime): CaseView {
  const { status, claim } = fileAt(file, at);
  return {
    caseId: file.caseId,
    team: file.team,
    game: file.game,
    subjectId: file.subjectId,
    homeRegion: file.homeRegion,
    status,
    version: versionOf(file),
    priority: legible(priorityOf(file, rules, at)),
    reportCount: file.reportCount,
    distinctReporters: file.distinctReporters,
    openReports: file.open.reports,
    reasons: file.reasons,
    claim,
    openedAt: openedAt(file),
    lastReportedAt: file.lastReportedAt,
    dueAt: dueAt(file, rules),
    acknowledgedAt: file.acknowledgedAt,
    heldSince: file.heldSince,
    escalated: file.escalated,
    decisions: Object.values(file.decisions).sort(
      (a, b) => a.decidedAt.localeCompare(b.decidedAt) || a.caseVersion - b.caseVersion,
    ),
  };
}

const shownDigits = 4;

/** What a case worker can take in of a number; all of its digits before the point are kept. */
const rounded = (value: number): number =>
  Math.abs(value) < 10 ** (shownDigits - 1) ? Number(value.toPrecision(shownDigits)) : Math.round(value);

/** For display alone: lists are in the order of what is not rounded. */
const legible = ({ score, factors }: Priority): Priority => ({
  score: rounded(score),
  factors: factors.map(({ name, value, because }) => ({ name, value: rounded(value), because })),
});

export interface CaseListQuery {
  readonly statuses: readonly CaseStatus[];
  readonly game?: string;
  readonly reason?: string;
  /** Who holds the cases. */
  readonly assignee?: string;
  readonly sort: 'priority' | 'oldest' | 'newest';
  readonly limit: number;
  /** The place in the list after which to go on. */
  readonly after?: string;
}

export interface ListPage<T> {
  readonly items: readonly T[];
  /** The place of the last item looked at; null at the end of the list. */
  readonly next: string | null;
}

/** At most this many entries of a list are looked at for one page; a page that finds less than its limit by then is short. */
const entriesPerPageMax = 2_000;

/** `at`: now. A case whose lease has run out since it was listed as claimed is open, whether or not that was said. */
export async function listCases(
  source: CaseSource & { readonly at: IsoTime },
  query: CaseListQuery,
): Promise<ListPage<CaseView>> {
  const { views, rules, at } = source;
  const isOfOpenOnes = query.statuses.includes('open') && !query.statuses.includes('claimed');
  const lapsed = isOfOpenOnes ? await lapsedEntries(source, partitionsOf(query)) : [];
  const items: CaseView[] = [];
  let after = query.after;
  for (let looked = 0; looked < entriesPerPageMax;) {
    const { rows, atEnd } = await nextEntries(views, query, { limit: query.limit - items.length, after, lapsed });
    looked += rows.length;
    const files = await views.getMany(rows.map(({ value }) => caseRow(value['caseId'] as string)));
    for (const file of files) {
      const state = file?.value as unknown as CaseFile | undefined;
      if (state !== undefined && matches(fileAt(state, at), query)) items.push(caseView(state, rules, at));
    }
    after = rows.at(-1)?.key ?? after;
    if (atEnd) return { items, next: null };
    if (items.length >= query.limit) break;
  }
  return { items, next: after ?? null };
}

const matches = (file: CaseFile, { statuses, game, reason, assignee }: CaseListQuery): boolean =>
  statuses.includes(file.status) &&
  (game === undefined || file.game === game) &&
  (reason === undefined || file.reasons[reason] !== undefined) &&
  (assignee === undefined || file.claim?.by === assignee);

/** A team's cases. */
export interface CaseSource {
  readonly views: Views;
  readonly rules: CaseRules;
}

/** The next entries of a list, merged from the partitions that it is spread over. */
async function nextEntries(
  views: Views,
  query: CaseListQuery,
  {
    limit,
    after,
    lapsed,
  }: { readonly limit: number; readonly after: string | undefined; readonly lapsed: readonly ListEntry[] },
): Promise<{ readonly rows: readonly ListEntry[]; readonly atEnd: boolean }> {
  const descending = query.sort === 'newest';
  const partitions = partitionsOf(query);
  const options = { limit: limit + 1, descending, ...(after === undefined ? {} : { after }) };
  const pages = await Promise.all(partitions.map((partition) => views.page(caseTables.lists, partition, options)));
  const entries = new Map<string, ListEntry>();
  for (const entry of lapsed)
    if (after === undefined || (descending ? entry.key < after : entry.key > after)) entries.set(entry.key, entry);
  // One whose lease was ended while this reads is in the list as well, at the same place.
  for (const entry of pages.flat()) entries.set(entry.key, entry);
  const merged = [...entries.values()].sort((a, b) => (a.key < b.key === descending ? 1 : -1));
  return { rows: merged.slice(0, limit), atEnd: merged.length <= limit };
}

function partitionsOf(query: CaseListQuery): readonly string[] {
  const order: ListOrder = query.sort === 'priority' ? 'priority' : 'time';
  return query.statuses.flatMap((status) => listPartitions(status, narrowest(query), order));
}

function narrowest({ assignee, reason, game }: CaseListQuery): ListFilter {
  if (assignee !== undefined) return { by: 'assignee', value: assignee };
  if (reason !== undefined) return { by: 'reason', value: reason };
  return game === undefined ? { by: 'all' } : { by: 'game', value: game };
}

/** Undefined for an id that names no case, or one of which no report has come yet. */
export async function caseById(views: Views, caseId: string): Promise<CaseFile | undefined> {
  const file = (await views.get(caseRow(caseId))) as unknown as CaseFile | undefined;
  return file?.firstReportedAt == null ? undefined : file;
}

export interface RowsQuery {
  readonly limit: number;
  readonly after?: string;
}

/** A page of the rows of a partition; with a prefix (that ends in "/"), of those whose keys begin with it. */
async function pageOfRows<T>(
  views: Views,
  at: { readonly table: string; readonly partition: string; readonly prefix?: string },
  { limit, after }: RowsQuery,
): Promise<ListPage<T>> {
  const { table, partition, prefix = '' } = at;
  const range = prefix === '' ? {} : { from: prefix, to: `${prefix.slice(0, -1)}0` }; // "0" follows "/"
  const rows = await views.page(table, partition, { ...range, limit: limit + 1, ...(after === undefined ? {} : { after }) });
  const items = rows.slice(0, limit);
  return { items: items.map(({ value }) => value as T), next: rows.length > limit ? items.at(-1)!.key : null };
}

/** A report as its case holds it, and what was said about it. */
export interface CaseReport extends Omit<Attachment, 'first'> {
  /** Why it does not count, if it is suppressed. */
  readonly suppressed: readonly string[];
  /** Decisions that name it, whatever became of them. */
  readonly decisions: readonly string[];
}

export async function reportsOfCase(views: Views, caseId: string, query: RowsQuery): Promise<ListPage<CaseReport>> {
  const at = { table: caseTables.cases, partition: caseId, prefix: attachmentPrefix };
  const { items, next } = await pageOfRows<Attachment>(views, at, query);
  const marks = await views.getMany(items.map(({ reportId }) => markRow(caseId, reportId)));
  return {
    items: items.map(({ first, ...report }, i) => {
      const { decisions = [], suppressed = {} } = (marks[i]?.value ?? {}) as Partial<ReportMark>;
      const said = first ? [] : Object.entries(suppressed);
      const reasons = said.flatMap(([reason, { suppressed: isSo }]) => (isSo ? [reason] : []));
      return { ...report, suppressed: reasons, decisions };
    }),
    next,
  };
}

/** Keys that begin with a time come before it; the kit's own row of a partition does not. */
const behindTimes = ':';

/** What happened to a case: reports as they came, and what its team did; also what has no effect, because another region went on. */
export async function timelineOfCase(views: Views, caseId: string, { limit, after }: RowsQuery): Promise<ListPage<JsonObject>> {
  const options = { to: behindTimes, limit: limit + 1, ...(after === undefined ? {} : { after }) };
  const [file, ...pages] = await Promise.all([
    views.get(caseRow(caseId)),
    ...[caseTables.timeline, caseStepsTable].map((table) => views.page(table, caseId, options)),
  ]);
  const { terms } = (file ?? {}) as Partial<CaseFile>;
  const rows = pages.flat().sort((a, b) => (a.key < b.key ? -1 : 1));
  const items = rows.slice(0, limit);
  const statements = await statementsIn(
    views,
    items.map(({ value }) => value),
  );
  return {
    items: items.map(({ value }) => shownInTimeline({ ...value, ...statements.get(value) }, terms)),
    next: rows.length > limit ? items.at(-1)!.key : null,
  };
}

/** Steps do not have what a player wrote, for they leave the region: it is put beside them, where this one has it. */
async function statementsIn(views: Views, items: readonly JsonObject[]): Promise<ReadonlyMap<JsonObject, JsonObject>> {
  const opened = items.filter(({ type }) => type === 'AppealOpened');
  const filed = await views.getMany(opened.map(({ data }) => filedAppealRow((data as { readonly appealId: string }).appealId)));
  return new Map(opened.map((item, i) => [item, { statement: filed[i]?.value['statement'] ?? null }]));
}

function shownInTimeline({ causationId: _, ...item }: JsonObject, terms: Terms | undefined): JsonObject {
  const { caseVersion } = item['data'] as { readonly caseVersion?: number };
  return caseVersion !== undefined && isSuperseded(caseVersion, terms) ? { ...item, superseded: true } : item;
}

export const evidenceOfCase = (views: Views, caseId: string, query: RowsQuery): Promise<ListPage<JsonObject>> =>
  pageOfRows(views, { table: evidenceTable, partition: caseId }, query);
