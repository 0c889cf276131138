import { concerns } from '@ringside/casework';
import type { JsonObject, Projection, RowKey } from '@ringside/core';
import type { ReportFiled, ReportRerouted, RingsideEvent } from '@ringside/events';

import { cheatingRules } from './cheating-rules.js';

/** Partition = player. Rows `metrics` (a {@link PlayerMetrics}) and `report/<reportId>` (what was counted). */
export const playerMetricsTable = 'player_metrics';

/** How often a player was reported to the cheating team, over all games. Reasons are those that the reporters chose. */
export interface PlayerMetrics {
  readonly playerId: string;
  readonly reports: number;
  readonly byReason: Readonly<Record<string, number>>;
  readonly byGame: Readonly<Record<string, number>>;
  /** Reports per day (UTC), for the last {@link metricDaysMax} days that had any. */
  readonly byDay: Readonly<Record<string, number>>;
  readonly firstReportedAt: string;
  readonly lastReportedAt: string;
}

export const metricDaysMax = 30;

export const metricsRow = (playerId: string): RowKey => ({ table: playerMetricsTable, partition: playerId, key: 'metrics' });

type ReportEvent = ReportFiled | ReportRerouted;

const isReport = (event: RingsideEvent): event is ReportEvent =>
  event.type === 'ReportFiled' || event.type === 'ReportRerouted';

const countedRow = ({ data }: ReportEvent): RowKey => ({
  table: playerMetricsTable,
  partition: data.subjectId,
  key: `report/${data.reportId}`,
});

/** A report counts once, whether it was filed with a reason of this team or handed over later. */
export const playerMetrics: Projection<RingsideEvent> = {
  name: 'PlayerMetrics',
  tables: [playerMetricsTable],
  entity: (event) =>
    isReport(event) && concerns(event, cheatingRules.captures) ? metricsRow(event.data.subjectId) : undefined,
  reads: (event) => [countedRow(event as ReportEvent)],
  project: (anyEvent, rows) => {
    const event = anyEvent as ReportEvent;
    if (rows.get(countedRow(event)) !== undefined) return [];
    const row = metricsRow(event.data.subjectId);
    const metrics = counted(rows.get(row) as PlayerMetrics | undefined, event);
    return [
      { kind: 'put', ...row, value: metrics as unknown as JsonObject },
      { kind: 'put', ...countedRow(event), value: {} },
    ];
  },
};

function counted(before: PlayerMetrics | undefined, event: ReportEvent): PlayerMetrics {
  const { subjectId, game, filedAt } = event.data;
  const firstReason = event.type === 'ReportRerouted' ? event.data.priorReasons[0]! : event.data.reason;
  return {
    playerId: subjectId,
    reports: (before?.reports ?? 0) + 1,
    byReason: plusOne(before?.byReason, firstReason),
    byGame: plusOne(before?.byGame, game),
    byDay: latestDays(plusOne(before?.byDay, filedAt.slice(0, 10))),
    firstReportedAt: before !== undefined && before.firstReportedAt < filedAt ? before.firstReportedAt : filedAt,
    lastReportedAt: before !== undefined && before.lastReportedAt > filedAt ? before.lastReportedAt : filedAt,
  };
}

function latestDays(byDay: PlayerMetrics['byDay']): PlayerMetrics['byDay'] {
  const days = Object.keys(byDay);
  return days.length <= metricDaysMax ? byDay : Object.fromEntries(days.slice(-metricDaysMax).map((day) => [day, byDay[day]!]));
}

/** Sorted by name, so that the same events give the same bytes in any order. */
function plusOne(counts: Readonly<Record<string, number>> = {}, name: string): Readonly<Record<string, number>> {
  if (Object.hasOwn(counts, name)) return { ...counts, [name]: counts[name]! + 1 }; // it keeps its place
  return Object.fromEntries([...Object.entries(counts), [name, 1] as const].sort(([a], [b]) => (a < b ? -1 : 1)));
}
