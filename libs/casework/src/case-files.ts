import type { JsonObject, Projection, RowKey, ViewWrite } from '@ringside/core';
import type { RingsideEvent } from '@ringside/events';

import { attach, concerns, type Attachment, type ReportEvent } from './attachment.js';
import { countedDelta, evolveCase, type AttachmentChange, type CaseFile } from './case-file.js';
import { placesInLists, placingOf } from './case-lists.js';
import { caseIdOf, type CaseRules } from './case-rules.js';

/**
 * Tables of the `CaseFiles` view.
 *
 * - `cases`: partition = case. Rows `case` (the {@link CaseFile}), `report/<reportId>` (an {@link Attachment}) and
 *   `reporter/<reporterId>`. A heavy-tailed subject's partition grows with its reports, about 500 bytes each.
 * - `case_timeline`: partition = case, key = time and event id: every event as it was. Insert-only.
 * - `case_lists`: partition = list and shard, key = sort key; points at the case. See case-lists.ts.
 * - `player_cases`: partition = subject, key = case. Points at the case.
 * - `queue_figures`: partition = day (UTC), key = hour and reason: reports captured; partition `open`: cases now open.
 */
export const caseTables = {
  cases: 'cases',
  timeline: 'case_timeline',
  lists: 'case_lists',
  playerCases: 'player_cases',
  figures: 'queue_figures',
} as const;

export const caseRow = (caseId: string): RowKey => ({ table: caseTables.cases, partition: caseId, key: 'case' });
export const attachmentPrefix = 'report/';
export const attachmentRow = (caseId: string, reportId: string): RowKey => ({
  table: caseTables.cases,
  partition: caseId,
  key: `${attachmentPrefix}${reportId}`,
});
const reporterRow = (caseId: string, reporterId: string): RowKey => ({
  table: caseTables.cases,
  partition: caseId,
  key: `reporter/${reporterId}`,
});

/** The case that a report event concerns, for a team; undefined for other events and other teams' reports. */
export function caseOf(event: RingsideEvent, rules: CaseRules): string | undefined {
  if (event.type !== 'ReportFiled' && event.type !== 'ReportRerouted') return undefined;
  return concerns(event, rules.captures) ? caseIdOf(rules.team, event.data.game, event.data.subjectId) : undefined;
}

/** Cases with their reports, lists, timeline and figures. */
export function caseFiles(rules: CaseRules): Projection<RingsideEvent> {
  return {
    name: 'CaseFiles',
    tables: Object.values(caseTables),
    entity: (event) => {
      const caseId = caseOf(event, rules);
      return caseId === undefined ? undefined : caseRow(caseId);
    },
    reads: (event) => {
      const { data } = event as ReportEvent;
      const caseId = caseIdOf(rules.team, data.game, data.subjectId);
      return [attachmentRow(caseId, data.reportId), reporterRow(caseId, data.reporterId)];
    },
    project: (anyEvent, rows) => {
      const event = anyEvent as ReportEvent;
      const caseId = caseIdOf(rules.team, event.data.game, event.data.subjectId);
      const state = rows.get(caseRow(caseId)) as CaseFile | undefined;
      const before = rows.get(attachmentRow(caseId, event.data.reportId)) as Attachment | undefined;
      const change: AttachmentChange = {
        before,
        after: attach(before, event, rules.captures),
        reportsByReporter: (rows.get(reporterRow(caseId, event.data.reporterId))?.['reports'] as number | undefined) ?? 0,
      };
      const next = evolveCase(state, event, change, rules);
      return [
        put(caseRow(caseId), next),
        ...attachmentWrites(caseId, change),
        timelineWrite(caseId, event),
        ...listWrites(state, next, rules),
        ...figureWrites(state, next, event, rules),
      ];
    },
  };
}

const put = (row: RowKey, value: object): ViewWrite => ({ kind: 'put', ...row, value: value as JsonObject });

function attachmentWrites(caseId: string, change: AttachmentChange): readonly ViewWrite[] {
  const { before, after, reportsByReporter } = change;
  if (before === after) return [];
  const delta = countedDelta(change);
  const attachment = put(attachmentRow(caseId, after.reportId), after);
  if (delta === 0) return [attachment];
  const row = reporterRow(caseId, after.reporterId);
  const reports = reportsByReporter + delta;
  return [attachment, reports > 0 ? put(row, { reports }) : { kind: 'delete', ...row }];
}

const timelineWrite = (caseId: string, event: ReportEvent): ViewWrite =>
  put(
    { table: caseTables.timeline, partition: caseId, key: `${event.time}/${event.id}` },
    { at: event.time, eventId: event.id, type: event.type, data: event.data },
  );

function listWrites(before: CaseFile | undefined, after: CaseFile, rules: CaseRules): readonly ViewWrite[] {
  const pointer = { caseId: after.caseId };
  const writes: ViewWrite[] = [];
  if (before === undefined) {
    writes.push(put({ table: caseTables.playerCases, partition: after.subjectId, key: after.caseId }, pointer));
  }
  if (before !== undefined && placingOf(before, rules) === placingOf(after, rules)) return writes;
  const old = new Set((before ? placesInLists(before, rules) : []).map(placeName));
  const now = new Set(placesInLists(after, rules).map(placeName));
  for (const place of old) if (!now.has(place)) writes.push({ kind: 'delete', table: caseTables.lists, ...placeOf(place) });
  for (const place of now) if (!old.has(place)) writes.push(put({ table: caseTables.lists, ...placeOf(place) }, pointer));
  return writes;
}

const placeName = (place: { partition: string; key: string }): string => `${place.partition} ${place.key}`;
const placeOf = (name: string): { partition: string; key: string } => {
  const blank = name.indexOf(' '); // list names are URI-encoded: the first blank ends the partition
  return { partition: name.slice(0, blank), key: name.slice(blank + 1) };
};

function figureWrites(
  before: CaseFile | undefined,
  after: CaseFile,
  event: ReportEvent,
  rules: CaseRules,
): readonly ViewWrite[] {
  const writes: ViewWrite[] = [];
  if (comesIn(event, rules.captures)) {
    const [day, time] = event.time.split('T') as [string, string];
    const key = `${time.slice(0, 2)}/${event.data.reason}`;
    writes.push({ kind: 'count', table: caseTables.figures, partition: day, key, amounts: { captured: 1 } });
  }
  const opened = Number(after.status === 'open') - Number(before?.status === 'open');
  if (opened !== 0) {
    writes.push({ kind: 'count', table: caseTables.figures, partition: 'open', key: 'cases', amounts: { open: opened } });
  }
  return writes;
}

/** Whether the event brings the team a report that was not its own before. A matter of the event alone, so that order does not count. */
function comesIn(event: ReportEvent, captures: (reason: string) => boolean): boolean {
  if (!captures(event.data.reason)) return false;
  return event.type === 'ReportFiled' || !captures(event.data.priorReasons.at(-1)!);
}
