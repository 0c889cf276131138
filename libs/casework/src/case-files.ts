import type { Projection, RowKey, ViewWrite } from '@ringside/core';
import type { RingsideEvent } from '@ringside/events';

import type { ReportEvent } from './attachment.js';
import { caseOf, isReportEvent, type CaseChange } from './case-events.js';
import type { CaseFile } from './case-file.js';
import { placesInLists, placingOf, type ListPlace } from './case-lists.js';
import {
  alikeKey,
  attachmentKey,
  caseRow,
  CaseRows,
  caseTables,
  decisionKey,
  inCase,
  markKey,
  put,
  reporterKey,
} from './case-rows.js';
import type { CaseRules } from './case-rules.js';
import { outcomeWrites } from './counting.js';
import { evolveCase } from './evolve-case.js';
import { openKeys } from './open-times.js';

/** Cases with their reports, lists, timeline and figures, and what became of each reporter's reports. */
export function caseFiles(rules: CaseRules): Projection<RingsideEvent> {
  return {
    name: 'CaseFiles',
    tables: Object.values(caseTables),
    entity: (event) => {
      const caseId = caseOf(event, rules);
      return caseId === undefined ? undefined : caseRow(caseId);
    },
    reads: (event) => {
      const caseId = caseOf(event, rules)!;
      return keysFor(event as CaseChange, rules).map((key): RowKey => inCase(caseId, key));
    },
    project: (anyEvent, reader) => {
      const event = anyEvent as CaseChange;
      const caseId = caseOf(anyEvent, rules)!;
      const rows = new CaseRows(reader, caseId);
      const before = rows.file();
      const { file, affected } = evolveCase(rows, event, rules);
      return [
        ...rows.writes(),
        historyWrite(caseId, event),
        ...listWrites(before, file, rules),
        ...figureWrites(before, file, event, rules),
        ...outcomeWrites(rows, affected, before?.decisions ?? {}, file.decisions),
      ];
    },
  };
}

/** Rows that the event names; those that only rows name, such as the reporters of a decision's reports, are asked for. */
function keysFor(event: CaseChange, { captures }: CaseRules): readonly string[] {
  if (isReportEvent(event)) {
    const { reportId, reporterId, reason, filedAt, matchId = null } = event.data;
    const keys = [attachmentKey(reportId), markKey(reportId)];
    if (!captures(reason)) return keys;
    return [
      ...keys,
      reporterKey(reporterId),
      ...openKeys(reason, filedAt),
      alikeKey({ reporterId, matchId, reason }) ?? [],
    ].flat();
  }
  if (event.type === 'ReportSuppressed') return [attachmentKey(event.data.reportId), markKey(event.data.reportId)];
  if (event.type === 'CaseWeighed')
    return event.data.reporter === undefined ? [] : [reporterKey(event.data.reporter.reporterId)];
  const { decision } = event.data;
  if (decision === undefined) return [];
  return [decisionKey(decision.decisionId), ...decision.reportIds.flatMap((id) => [attachmentKey(id), markKey(id)])];
}

const historyWrite = (caseId: string, event: CaseChange): ViewWrite => {
  const table = isReportEvent(event) ? caseTables.timeline : caseTables.history;
  const value = { at: event.time, eventId: event.id, type: event.type, data: event.data };
  return put({ table, partition: caseId, key: `${event.time}/${event.id}` }, value);
};

function listWrites(before: CaseFile | undefined, after: CaseFile, rules: CaseRules): readonly ViewWrite[] {
  const pointer = { caseId: after.caseId };
  const writes: ViewWrite[] = [];
  if (after.firstReportedAt !== null && (before === undefined || before.firstReportedAt === null)) {
    writes.push(put({ table: caseTables.playerCases, partition: after.subjectId, key: after.caseId }, pointer));
  }
  if (before !== undefined && placingOf(before, rules) === placingOf(after, rules)) return writes;
  const old = before === undefined ? [] : placesInLists(before, rules);
  const now = placesInLists(after, rules);
  for (const place of old) if (!isAmong(now, place)) writes.push({ kind: 'delete', table: caseTables.lists, ...place });
  for (const place of now)
    if (!isAmong(old, place)) writes.push({ kind: 'put', table: caseTables.lists, ...place, value: pointer, isNew: true });
  return writes;
}

/** There are about ten. */
const isAmong = (places: readonly ListPlace[], { partition, key }: ListPlace): boolean =>
  places.some((other) => other.key === key && other.partition === partition);

const isOpen = (file: CaseFile | undefined): boolean => file !== undefined && file.status !== 'decided';

function figureWrites(
  before: CaseFile | undefined,
  after: CaseFile,
  event: CaseChange,
  rules: CaseRules,
): readonly ViewWrite[] {
  const writes: ViewWrite[] = [];
  if (isReportEvent(event) && comesIn(event, rules.captures)) {
    const [day, time] = event.time.split('T') as [string, string];
    const key = `${time.slice(0, 2)}/${event.data.reason}`;
    writes.push({ kind: 'count', table: caseTables.figures, partition: day, key, amounts: { captured: 1 } });
  }
  // Nothing is added as well: whether a figure of 0 is there would else depend on the order in which events came.
  const open = Number(isOpen(after)) - Number(isOpen(before));
  return [...writes, { kind: 'count', table: caseTables.figures, partition: 'open', key: 'cases', amounts: { open } }];
}

/** Whether the event brings the team a report that was not its own before. A matter of the event alone, so that order does not count. */
function comesIn(event: ReportEvent, captures: (reason: string) => boolean): boolean {
  if (!captures(event.data.reason)) return false;
  return event.type === 'ReportFiled' || !captures(event.data.priorReasons.at(-1)!);
}
