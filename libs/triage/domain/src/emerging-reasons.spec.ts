import { describe, expect, it } from '@jest/globals';
import type { ReportFiled, RingsideEvent } from '@ringside/events';
import { aReport, evidenceOf, play, reportHistories, rerouted } from '@ringside/testing';
import fc from 'fast-check';

import {
  emergingWords,
  emergingWordsMax,
  reportersPerWordMin,
  unownedReports,
  unownedWords,
  type WordedReport,
} from './emerging-reasons.js';
import { triageRules } from './triage-rules.js';

const noRows = { get: () => undefined };
const view = (...events: readonly RingsideEvent[]) => Object.fromEntries(play([unownedReports, unownedWords], events));

describe('what is kept of unowned reports', () => {
  const report = aReport({ reportId: 'r1', reason: 'other', subjectId: 's1', reporterId: 'p1' });
  const evidence = evidenceOf(report, {
    description: 'Feeding on purpose',
    chat: [{ at: report.time, playerId: 's1', text: 'ha' }],
  });
  const rows = {
    'emerging_games/2026-01-31/stormfall': { reports: 1 },
    'emerging_reports/2026-01-31/stormfall/r1': { reporterId: 'p1', subjectId: 's1', reason: 'other' },
    'emerging_words/2026-01-31/stormfall/r1': { words: ['feeding', 'purpose'] },
  };

  it('is who reported whom, and the words of the description, in whichever order they come', () => {
    expect(view(report, evidence)).toEqual(rows);
    expect(view(evidence, report)).toEqual(rows);
  });

  it('is the same where the report was given to a team, and has nothing of what was handed over', () => {
    expect(
      view(report, evidence, rerouted(report, 'aimbot'), { ...evidence, data: { ...evidence.data, reason: 'aimbot' } }),
    ).toEqual(rows);
  });

  it('is nothing of reports that a team owns, nor of evidence without a description', () => {
    const owned = aReport({ reason: 'aimbot' });
    expect(view(owned, evidenceOf(owned))).toEqual({});
    const { description: _, ...wordless } = evidence.data;
    expect(view({ ...evidence, data: wordless })).toEqual({});
    expect(unownedWords.entity({ ...evidence, data: wordless })).toBeUndefined();
  });

  it('is no second report where triage gave it another reason that nobody owns, and no row where nothing is said', () => {
    expect(view(report, evidence, rerouted(report, 'griefing'))).toEqual(rows);
    for (const description of ['', 'the game!', ' 4711 '])
      expect(unownedWords.project({ ...evidence, data: { ...evidence.data, description } }, noRows)).toEqual([]);
  });

  it('is one row of each report, and one figure of its day and game', () => {
    const row = { table: 'emerging_reports', partition: '2026-01-31/stormfall', key: 'r1' };
    expect(unownedReports).toMatchObject({ name: 'UnownedReports', tables: ['emerging_games', 'emerging_reports'] });
    expect(unownedReports.entity(report)).toEqual(row);
    expect(unownedReports.project(report, noRows)).toEqual([
      { kind: 'put', ...row, value: { reporterId: 'p1', subjectId: 's1', reason: 'other' } },
      { kind: 'count', table: 'emerging_games', partition: '2026-01-31', key: 'stormfall', amounts: { reports: 1 } },
    ]);
    expect(unownedWords).toMatchObject({ name: 'UnownedWords', tables: ['emerging_words'] });
    expect(unownedWords.entity(evidence)).toEqual({ ...row, table: 'emerging_words' });
    for (const projection of [unownedReports, unownedWords])
      expect([projection.reads, projection.entity(rerouted(report, 'griefing'))]).toEqual([undefined, undefined]);
  });

  it('does not depend on the order of events, and neither redelivery nor another team changes it', () => {
    const delivered = reportHistories.chain((reports) => {
      const filed = reports.filter((event): event is ReportFiled => event.type === 'ReportFiled');
      const all = [...reports, ...filed.map((one) => evidenceOf(one))];
      return fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }));
    });
    fc.assert(
      fc.property(delivered, ([events, shuffled]) => {
        expect(view(...shuffled)).toEqual(view(...events));
        const unowned = events.filter(({ type, data }) => type === 'ReportFiled' && triageRules.captures(data.reason));
        const figures = Object.entries(view(...events)).filter(([name]) => name.startsWith('emerging_games/'));
        expect(figures.reduce((sum, [, row]) => sum + Number(row['reports']), 0)).toBe(unowned.length);
      }),
    );
  });
});

describe('the words that reports have in common', () => {
  const worded = (index: number, given: Partial<WordedReport> = {}): WordedReport => ({
    ...{ reporterId: `p${index}`, subjectId: `s${index}`, reason: 'other', game: 'stormfall', day: '2026-01-30' },
    words: ['feeding'],
    ...given,
  });
  const shown = (...reports: WordedReport[]) => emergingWords(reports, '2026-01-30').map(({ word }) => word);

  it('are those that enough reporters used', () => {
    const many = Array.from({ length: reportersPerWordMin }, (_, i) => worded(i));
    expect(shown(...many)).toEqual(['feeding']);
    expect(shown(...many.slice(1))).toEqual([]);
  });

  it('are not what one person writes again and again, nor what is said of one player alone', () => {
    const indices = Array.from({ length: 20 }, (_, i) => i);
    expect(shown(...indices.map((i) => worded(i, { reporterId: 'p1' })))).toEqual([]);
    expect(shown(...indices.map((i) => worded(i, { subjectId: 's1', words: ['nickname'] })))).toEqual([]);
  });

  it('are about as many players as it takes, and no fewer', () => {
    const about = (...subjects: string[]) => subjects.map((subjectId, i) => worded(i, { subjectId }));
    expect(shown(...about('s1', 's1', 's2'))).toEqual(['feeding']);
    expect(shown(...about('s1', 's1', 's1'))).toEqual([]);
  });

  it('are in one order: by reporters, then reports, then the alphabet, whatever came first', () => {
    const reports = [
      ...[1, 2, 3, 4].map((i) => worded(i, { words: ['most'] })),
      ...[1, 2, 3, 3].map((i) => worded(i, { words: ['often'] })),
      ...[1, 2, 3].map((i) => worded(i, { words: ['beta', 'alpha', 'gamma'] })),
    ];
    for (const some of [reports, reports.toReversed()])
      expect(shown(...some)).toEqual(['most', 'often', 'alpha', 'beta', 'gamma']);
  });

  it('have their figures in one order', () => {
    const reports = [
      worded(1, { day: '2026-01-31', game: 'stormfall', reason: 'other' }),
      worded(2, { day: '2026-01-29', game: 'kickoff', reason: 'griefing' }),
      worded(3, { day: '2026-01-30', game: 'arena', reason: 'new_one' }),
    ];
    for (const some of [reports, reports.toReversed()]) {
      const [{ byGame, byDay, byReason }] = emergingWords(some, '2026-01-30') as [ReturnType<typeof emergingWords>[number]];
      for (const counts of [byGame, byDay, byReason]) {
        expect(Object.keys(counts)).toEqual(Object.keys(counts).sort());
        expect(Object.keys(counts)).toHaveLength(3);
      }
    }
  });

  it('come with where and when they were used, the most common first', () => {
    const reports = [
      worded(1, { words: ['feeding', 'purpose'] }),
      worded(2, { game: 'kickoff', day: '2026-01-29' }),
      worded(3, { reason: 'griefing', words: ['feeding', 'purpose'], day: '2026-01-31' }),
      worded(3, { words: ['feeding'], day: '2026-01-31' }),
      worded(4, { words: ['purpose'], day: '2026-01-28' }),
      worded(5, { words: ['feeding'] }),
    ];
    expect(emergingWords(reports, '2026-01-30')).toEqual([
      {
        ...{ word: 'feeding', reports: 5, reporters: 4, recentShare: 0.8 },
        byGame: { kickoff: 1, stormfall: 4 },
        byDay: { '2026-01-29': 1, '2026-01-30': 2, '2026-01-31': 2 },
        byReason: { griefing: 1, other: 4 },
      },
      {
        ...{ word: 'purpose', reports: 3, reporters: 3, recentShare: 0.67 },
        byGame: { stormfall: 3 },
        byDay: { '2026-01-28': 1, '2026-01-30': 1, '2026-01-31': 1 },
        byReason: { griefing: 1, other: 2 },
      },
    ]);
  });

  it('are bounded', () => {
    const words = Array.from({ length: 200 }, (_, i) => `word-${i}`);
    expect(shown(...[1, 2, 3].map((index) => worded(index, { words })))).toHaveLength(emergingWordsMax);
    expect(shown()).toEqual([]);
  });
});
