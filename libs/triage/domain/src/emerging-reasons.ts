import type { Projection, RowKey } from '@ringside/core';
import type { ReportEvidenceFiled, ReportFiled, RingsideEvent } from '@ringside/events';

import { triageRules } from './triage-rules.js';
import { wordsOf } from './words.js';

/**
 * Tables of what unowned reports have in common. Reports and their words come by two topics and so are written apart; whoever
 * reads joins them by report. Days are those of filing (UTC).
 *
 * - `emerging_games`: partition = day, key = game: how many unowned reports were filed.
 * - `emerging_reports`: partition = day and game, key = report: an {@link UnownedReport}. Insert-only.
 * - `emerging_words`: partition = day and game, key = report: the words of its description. Insert-only, regional, personal.
 */
export const emergingTables = { games: 'emerging_games', reports: 'emerging_reports', words: 'emerging_words' } as const;

export interface UnownedReport {
  readonly reporterId: string;
  readonly subjectId: string;
  readonly reason: string;
}

interface Filed {
  readonly filedAt: string;
  readonly game: string;
  readonly reportId: string;
}

export const emergingPartition = (day: string, game: string): string => `${day}/${game}`;
const dayOf = ({ filedAt }: Filed): string => filedAt.slice(0, 10);

const rowOf = (table: string, filed: Filed): RowKey => ({
  table,
  partition: emergingPartition(dayOf(filed), filed.game),
  key: filed.reportId,
});

/** Reports as they were filed: what becomes of them later does not change what brought them here. */
export const unownedReports: Projection<RingsideEvent> = {
  name: 'UnownedReports',
  tables: [emergingTables.games, emergingTables.reports],
  entity: (event) =>
    event.type === 'ReportFiled' && triageRules.captures(event.data.reason)
      ? rowOf(emergingTables.reports, event.data)
      : undefined,
  project: (event) => {
    const { data } = event as ReportFiled;
    const { reporterId, subjectId, reason, game } = data;
    const figure = { table: emergingTables.games, partition: dayOf(data), key: game };
    return [
      { kind: 'put', ...rowOf(emergingTables.reports, data), value: { reporterId, subjectId, reason } },
      { kind: 'count', ...figure, amounts: { reports: 1 } },
    ];
  },
};

export const unownedWords: Projection<RingsideEvent> = {
  name: 'UnownedWords',
  tables: [emergingTables.words],
  entity: (event) =>
    event.type === 'ReportEvidenceFiled' && event.data.description !== undefined && triageRules.captures(event.data.reason)
      ? rowOf(emergingTables.words, event.data)
      : undefined,
  project: (event) => {
    const { data } = event as ReportEvidenceFiled;
    const words = wordsOf(data.description!);
    return words.length === 0 ? [] : [{ kind: 'put', ...rowOf(emergingTables.words, data), value: { words } }];
  },
};

/** Only words that so many different reporters used are shown, about so many different players: no text of one person, nor a name. */
export const reportersPerWordMin = 3;
export const subjectsPerWordMin = 2;
export const emergingWordsMax = 50;

/** An unowned report with its words, as it is looked at. */
export interface WordedReport extends UnownedReport {
  readonly day: string;
  readonly game: string;
  readonly words: readonly string[];
}

/** A word that unowned reports have in common. */
export interface EmergingWord {
  readonly word: string;
  readonly reports: number;
  readonly reporters: number;
  readonly byGame: Readonly<Record<string, number>>;
  readonly byDay: Readonly<Record<string, number>>;
  readonly byReason: Readonly<Record<string, number>>;
  /** The part of its reports that were filed on or after the day in the middle, from 0 to 1: above 0.5 it is on the rise. */
  readonly recentShare: number;
}

/** The words that most reporters have in common. `middle`: the day from which on a report counts as recent. */
export function emergingWords(reports: readonly WordedReport[], middle: string): readonly EmergingWord[] {
  const byWord = new Map<string, WordedReport[]>();
  for (const report of reports) {
    for (const word of report.words) {
      const same = byWord.get(word);
      if (same === undefined) byWord.set(word, [report]);
      else same.push(report);
    }
  }
  return [...byWord]
    .flatMap(([word, some]) => (isShared(some) ? [describe(word, some, middle)] : []))
    .sort((a, b) => b.reporters - a.reporters || b.reports - a.reports || (a.word < b.word ? -1 : 1))
    .slice(0, emergingWordsMax);
}

const distinct = (reports: readonly WordedReport[], field: 'reporterId' | 'subjectId'): number =>
  new Set(reports.map((report) => report[field])).size;

const isShared = (reports: readonly WordedReport[]): boolean =>
  reports.length >= reportersPerWordMin &&
  distinct(reports, 'reporterId') >= reportersPerWordMin &&
  distinct(reports, 'subjectId') >= subjectsPerWordMin;

function describe(word: string, reports: readonly WordedReport[], middle: string): EmergingWord {
  const recent = reports.filter(({ day }) => day >= middle).length;
  return {
    word,
    reports: reports.length,
    reporters: distinct(reports, 'reporterId'),
    byGame: countsOf(reports, 'game'),
    byDay: countsOf(reports, 'day'),
    byReason: countsOf(reports, 'reason'),
    recentShare: Math.round((recent / reports.length) * 100) / 100,
  };
}

function countsOf(reports: readonly WordedReport[], field: 'game' | 'day' | 'reason'): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const report of reports) counts.set(report[field], (counts.get(report[field]) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}
