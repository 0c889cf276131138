import { isoTime, type JsonObject, type RowReader } from '@ringside/core';
import type { RingsideEvent } from '@ringside/events';
import {
  attachmentPrefix,
  caseFiles,
  caseRow,
  caseTables,
  dueAt,
  evidenceTable,
  filedReportsTable,
  listPartitions,
  priorityOf,
  type Attachment,
  type CaseFile,
  type CaseRules,
  type CaseStatus,
  type ListFilter,
  type ListOrder,
  type Priority,
} from '@ringside/casework';
import type { Row } from '@ringside/view-store';

import type { Views } from './views.js';

/** A case as the API shows it. */
export interface CaseView extends CaseFile {
  readonly priority: Priority;
  readonly claim: null;
  readonly dueAt: string | null;
  readonly decisions: readonly never[];
}

export const caseView = (file: CaseFile, rules: CaseRules): CaseView => ({
  ...file,
  priority: priorityOf(file, rules),
  claim: null,
  dueAt: dueAt(file, rules),
  decisions: [],
});

export interface CaseListQuery {
  readonly statuses: readonly CaseStatus[];
  readonly game?: string;
  readonly reason?: string;
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

export async function listCases(views: Views, rules: CaseRules, query: CaseListQuery): Promise<ListPage<CaseView>> {
  const items: CaseView[] = [];
  let after = query.after;
  for (let looked = 0; looked < entriesPerPageMax;) {
    const { rows, atEnd } = await nextEntries(views, query, query.limit - items.length, after);
    looked += rows.length;
    const files = await views.getMany(rows.map(({ value }) => caseRow(value['caseId'] as string)));
    for (const file of files) {
      const state = file?.value as unknown as CaseFile | undefined;
      if (state !== undefined && matches(state, query)) items.push(caseView(state, rules));
    }
    after = rows.at(-1)?.key ?? after;
    if (atEnd) return { items, next: null };
    if (items.length >= query.limit) break;
  }
  return { items, next: after ?? null };
}

const matches = (file: CaseFile, query: CaseListQuery): boolean =>
  query.statuses.includes(file.status) && (query.game === undefined || file.game === query.game);

/** The next entries of a list, merged from the partitions that it is spread over. */
async function nextEntries(
  views: Views,
  query: CaseListQuery,
  limit: number,
  after: string | undefined,
): Promise<{ readonly rows: readonly Row[]; readonly atEnd: boolean }> {
  const order: ListOrder = query.sort === 'priority' ? 'priority' : 'time';
  const descending = query.sort === 'newest';
  const partitions = query.statuses.flatMap((status) => listPartitions(status, narrowest(query), order));
  const options = { limit: limit + 1, descending, ...(after === undefined ? {} : { after }) };
  const pages = await Promise.all(partitions.map((partition) => views.page(caseTables.lists, partition, options)));
  const merged = pages.flat().sort((a, b) => (a.key < b.key === descending ? 1 : -1));
  return { rows: merged.slice(0, limit), atEnd: merged.length <= limit };
}

function narrowest({ reason, game }: CaseListQuery): ListFilter {
  if (reason !== undefined) return { by: 'reason', value: reason };
  return game === undefined ? { by: 'all' } : { by: 'game', value: game };
}

export async function caseById(views: Views, caseId: string): Promise<CaseFile | undefined> {
  return (await views.get(caseRow(caseId))) as unknown as CaseFile | undefined;
}

/** The case as its events up to a time make it; undefined where there was none yet. */
export async function caseAt(views: Views, rules: CaseRules, caseId: string, at: string): Promise<CaseFile | undefined> {
  const projection = caseFiles(rules);
  const rows = new Map<string, JsonObject>();
  const reader: RowReader = { get: ({ key }) => rows.get(key) };
  for await (const { value } of timelineRows(views, caseId, at)) {
    const event = {
      id: value['eventId'],
      type: value['type'],
      time: value['at'],
      data: value['data'],
    } as unknown as RingsideEvent;
    for (const write of projection.project(event, reader)) {
      if (write.kind === 'put' && write.table === caseTables.cases) rows.set(write.key, write.value);
    }
  }
  return rows.get('case') as unknown as CaseFile | undefined;
}

async function* timelineRows(views: Views, caseId: string, until: string): AsyncIterable<Row> {
  const to = endOfTimeline(until);
  let after: string | undefined;
  for (;;) {
    const page = await views.page(caseTables.timeline, caseId, { limit: 500, to, ...(after === undefined ? {} : { after }) });
    yield* page;
    if (page.length < 500) return;
    after = page.at(-1)!.key;
  }
}

/** A zone can move the last hours of it into a year of five digits. */
const lastTime = Date.parse('9999-12-31T23:59:59.999Z');

/** Sorts behind every key of that time, each of which goes on with "/", and before those of the next millisecond. */
const endOfTimeline = (until: string): string => `${isoTime(Math.min(lastTime, Date.parse(until)))}~`;

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

export const reportsOfCase = (views: Views, caseId: string, query: RowsQuery): Promise<ListPage<Attachment>> =>
  pageOfRows(views, { table: caseTables.cases, partition: caseId, prefix: attachmentPrefix }, query);

export const timelineOfCase = (views: Views, caseId: string, query: RowsQuery): Promise<ListPage<JsonObject>> =>
  pageOfRows(views, { table: caseTables.timeline, partition: caseId }, query);

export const evidenceOfCase = (views: Views, caseId: string, query: RowsQuery): Promise<ListPage<JsonObject>> =>
  pageOfRows(views, { table: evidenceTable, partition: caseId }, query);

/** Bounds of a dossier: what is beyond is counted as "at least". */
const dossierCasesMax = 200;
const dossierReportsMax = 1_000;
const dossierRecentMax = 20;

export interface Dossier {
  readonly playerId: string;
  readonly team: string;
  readonly cases: readonly CaseView[];
  readonly reportsFiled: {
    readonly count: number;
    /** True where there are more than were counted. */
    readonly more: boolean;
    readonly recent: readonly JsonObject[];
  };
}

/** What this team knows of a player: cases about them, and what they reported about others. */
export async function dossierOf(views: Views, rules: CaseRules, playerId: string): Promise<Dossier> {
  const pointers = await views.page(caseTables.playerCases, playerId, { limit: dossierCasesMax });
  const files = await views.getMany(pointers.map(({ value }) => caseRow(value['caseId'] as string)));
  const filed = await views.page(filedReportsTable, playerId, { limit: dossierReportsMax, descending: true });
  return {
    playerId,
    team: rules.team,
    cases: files.flatMap((file) => (file ? [caseView(file.value as unknown as CaseFile, rules)] : [])),
    reportsFiled: {
      count: filed.length,
      more: filed.length === dossierReportsMax,
      recent: filed.slice(0, dossierRecentMax).map(({ value }) => value),
    },
  };
}

export interface QueueFigures {
  readonly team: string;
  readonly openCases: number;
  /** Reports captured in the last `hours` full hours and the one under way. */
  readonly captured: number;
  readonly reasons: readonly {
    readonly reason: string;
    readonly captured: number;
    readonly hourly: readonly { readonly hour: string; readonly captured: number }[];
  }[];
}

/** Queue figures per reason and hour (UTC), for the `hours` hours up to and including that of `now`. */
export async function queueFigures(views: Views, rules: CaseRules, now: number, hours: number): Promise<QueueFigures> {
  const first = isoTime(now - (hours - 1) * 3_600_000).slice(0, 13);
  const days = [...new Set(Array.from({ length: hours }, (_, i) => isoTime(now - i * 3_600_000).slice(0, 10)))].sort();
  const byReason = new Map<string, { hour: string; captured: number }[]>();
  for (const day of days) {
    for (const [key, { captured = 0 }] of [...(await views.figures(caseTables.figures, day))].sort()) {
      const [hourOfDay, reason] = key.split('/') as [string, string];
      const hour = `${day}T${hourOfDay}`;
      if (hour < first) continue;
      byReason.set(reason, [...(byReason.get(reason) ?? []), { hour: `${hour}:00:00.000Z`, captured }]);
    }
  }
  const open = await views.figures(caseTables.figures, 'open');
  const reasons = [...byReason]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([reason, hourly]) => ({ reason, captured: hourly.reduce((sum, one) => sum + one.captured, 0), hourly }));
  return {
    team: rules.team,
    openCases: open.get('cases')?.['open'] ?? 0,
    captured: reasons.reduce((sum, one) => sum + one.captured, 0),
    reasons,
  };
}
