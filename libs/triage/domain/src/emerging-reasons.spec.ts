import { describe, expect, it } from '@jest/globals';
import type { RingsideEvent } from '@ringside/events';
import { aReport, evidenceOf, play, rerouted } from '@ringside/testing';

import {
  emergingWords,
  emergingWordsMax,
  reportersPerWordMin,
  unownedReports,
  unownedWords,
  type WordedReport,
} from './emerging-reasons.js';

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
