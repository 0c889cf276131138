import { describe, expect, it } from '@jest/globals';
import type { RowKey } from '@ringside/core';
import { aReport, caseHistories, play, progressed, rerouted, reportHistories } from '@ringside/testing';
import type { RingsideEvent } from '@ringside/events';
import fc from 'fast-check';

import { metricDaysMax, metricsRow, playerMetrics, playerMetricsTable, type PlayerMetrics } from './player-metrics.js';
import { cheatingRules } from './cheating-rules.js';

const nameOf = ({ table, partition, key }: RowKey): string => `${table}/${partition}/${key}`;
const rowsOf = (events: readonly RingsideEvent[]) => play([playerMetrics], events);
const metricsOf = (playerId: string, ...events: readonly RingsideEvent[]): PlayerMetrics | undefined =>
  rowsOf(events).get(nameOf(metricsRow(playerId))) as unknown as PlayerMetrics | undefined;

const on = (day: string, time = '12:00:00.000'): string => `${day}T${time}Z`;

describe('PlayerMetrics', () => {
  it('counts the reports of a player by reason, game and day', () => {
    const reports = [
      aReport({ filedAt: on('2026-01-31') }),
      aReport({ filedAt: on('2026-01-30'), game: 'kickoff', reason: 'wallhack' }),
      aReport({ filedAt: on('2026-01-31', '12:00:00.001'), reason: 'wallhack' }),
      aReport({ filedAt: on('2026-01-31'), subjectId: 'somebody-else' }),
      aReport({ filedAt: on('2026-01-31'), reason: 'harassment' }),
    ];
    const metrics = {
      playerId: 'subject-1',
      reports: 3,
      byReason: { aimbot: 1, wallhack: 2 },
      byGame: { kickoff: 1, stormfall: 2 },
      byDay: { '2026-01-30': 1, '2026-01-31': 2 },
      firstReportedAt: on('2026-01-30'),
      lastReportedAt: on('2026-01-31', '12:00:00.001'),
    };
    expect(metricsOf('subject-1', ...reports)).toEqual(metrics);
    expect(metricsOf('nobody', ...reports)).toBeUndefined();
    // The names of figures are in one order, whatever came first: the rows of two regions are the same bytes.
    for (const events of [reports, reports.toReversed()])
      expect(JSON.stringify(metricsOf('subject-1', ...events))).toBe(JSON.stringify(metrics));
  });

  it('counts a report once, under the reason that its reporter chose', () => {
    const filed = aReport({ reason: 'other' });
    const first = rerouted(filed, 'macro');
    const second = rerouted(filed, 'boosting', ['other', 'macro']);
    for (const events of [
      [filed, first],
      [first, second, filed],
      [second, first, first],
    ])
      expect(metricsOf('subject-1', ...events)).toMatchObject({ reports: 1, byReason: { other: 1 } });
    const captured = aReport();
    expect(metricsOf('subject-1', captured, rerouted(captured, 'harassment'))).toMatchObject({ byReason: { aimbot: 1 } });
  });

  it('is not concerned by what another team captures, nor by what becomes of cases', () => {
    expect(playerMetrics).toMatchObject({ name: 'PlayerMetrics', tables: ['player_metrics'] });
    expect(playerMetrics.entity(aReport({ reason: 'harassment' }))).toBeUndefined();
    expect(playerMetrics.entity(rerouted(aReport({ reason: 'other' }), 'harassment'))).toBeUndefined();
    const of = { team: 'cheating', game: 'stormfall', subjectId: 'subject-1' };
    expect(playerMetrics.entity(progressed(of))).toBeUndefined();
    expect(playerMetrics.entity(aReport())).toEqual(metricsRow('subject-1'));
    expect(metricsOf('subject-1', aReport({ reason: 'other' }))).toBeUndefined();
  });

  it('asks for the row of the report beforehand, in the partition of the player', () => {
    const report = aReport();
    const row = { table: playerMetricsTable, partition: 'subject-1', key: `report/${report.data.reportId}` };
    expect(playerMetrics.reads!(report)).toEqual([row]);
    const asked: RowKey[] = [];
    const writes = playerMetrics.project(report, { get: (key) => void asked.push(key) });
    expect(asked).toEqual([row, metricsRow('subject-1')]);
    expect(writes.map(({ kind, table, partition, key }) => ({ kind, table, partition, key }))).toEqual([
      { kind: 'put', ...metricsRow('subject-1') },
      { kind: 'put', ...row },
    ]);
  });

  it('keeps the last days that had a report, and all of the figures', () => {
    const days = Array.from({ length: metricDaysMax + 3 }, (_, i) => new Date(Date.UTC(2026, 0, 1 + 2 * i)).toISOString());
    const metrics = metricsOf('subject-1', ...days.map((filedAt) => aReport({ filedAt })))!;
    expect(Object.keys(metrics.byDay)).toEqual(days.slice(3).map((day) => day.slice(0, 10)));
    expect(metrics).toMatchObject({ reports: days.length, firstReportedAt: days[0], lastReportedAt: days.at(-1) });
  });

  it('counts whatever was reported, once, in any order and however often it is delivered', () => {
    const delivered = reportHistories.chain((events) =>
      fc.tuple(fc.constant(events), fc.shuffledSubarray([...events, ...events], { minLength: events.length * 2 })),
    );
    fc.assert(
      fc.property(delivered, ([events, again]) => {
        const rows = rowsOf(again);
        expect([...rows]).toEqual([...rowsOf(events)]);
        const captured = events.filter(({ data }) => cheatingRules.captures(data.reason));
        for (const playerId of new Set(captured.map(({ data }) => data.subjectId))) {
          const ids = new Set(captured.filter(({ data }) => data.subjectId === playerId).map(({ data }) => data.reportId));
          const metrics = rows.get(nameOf(metricsRow(playerId))) as unknown as PlayerMetrics;
          expect(metrics.reports).toBe(ids.size);
          for (const counts of [metrics.byReason, metrics.byGame, metrics.byDay])
            expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(ids.size);
        }
      }),
    );
  });

  it('says the same where the work on cases comes in between', () => {
    fc.assert(
      fc.property(caseHistories('cheating'), (events) => {
        const reports = events.filter(({ type }) => type === 'ReportFiled' || type === 'ReportRerouted');
        expect([...rowsOf(events)]).toEqual([...rowsOf(reports)]);
      }),
      { numRuns: 20 },
    );
  });
});
