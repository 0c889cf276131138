import { isoTime } from '@ringside/core';
import type { Views } from '@ringside/team-kit';
import {
  emergingPartition,
  emergingTables,
  emergingWords,
  type EmergingWord,
  type UnownedReport,
  type WordedReport,
} from '@ringside/triage-domain';

/** What is read for one answer: so many reports, spread over the days, the newest of each day and game. */
export const reportsReadMax = 10_000;
const gamesPerDayMax = 50;
const pageMax = 1_000;

export interface EmergingReasons {
  /** The first and the last day (UTC). */
  readonly from: string;
  readonly to: string;
  /** How many unowned reports were filed in these days, and how many of them were read. */
  readonly reportsFiled: number;
  readonly reportsRead: number;
  readonly words: readonly EmergingWord[];
  readonly games: readonly {
    readonly game: string;
    readonly reports: number;
    readonly byDay: Readonly<Record<string, number>>;
  }[];
}

/** What the unowned reports of the last `days` days have in common, today among them. */
export async function findEmergingReasons(views: Views, now: number, days: number): Promise<EmergingReasons> {
  const list = Array.from({ length: days }, (_, back) => isoTime(now - (days - 1 - back) * 86_400_000).slice(0, 10));
  const games = new Map<string, Map<string, number>>();
  const read: WordedReport[] = [];
  let reportsFiled = 0;
  for (const day of list) {
    const filed = await filedPerGame(views, day);
    const ofDay = filed.reduce((sum, [, reports]) => sum + reports, 0);
    reportsFiled += ofDay;
    for (const [game, reports] of filed) games.set(game, (games.get(game) ?? new Map<string, number>()).set(day, reports));
    const dayMax = Math.floor(reportsReadMax / days);
    for (const [game, reports] of filed.slice(0, gamesPerDayMax)) {
      const limit = Math.min(pageMax, Math.max(1, Math.floor((dayMax * reports) / Math.max(dayMax, ofDay))));
      read.push(...(await wordedReports(views, { day, game }, limit)));
    }
  }
  return {
    ...{ from: list[0]!, to: list.at(-1)!, reportsFiled, reportsRead: read.length },
    words: emergingWords(read, list[Math.floor(days / 2)]!),
    games: [...games]
      .map(([game, byDay]) => ({ game, reports: sumOf(byDay), byDay: Object.fromEntries(byDay) }))
      .sort((a, b) => b.reports - a.reports || (a.game < b.game ? -1 : 1))
      .slice(0, gamesPerDayMax),
  };
}

const sumOf = (counts: ReadonlyMap<string, number>): number => [...counts.values()].reduce((sum, count) => sum + count, 0);

/** Games with unowned reports on a day, the one with most of them first. */
async function filedPerGame(views: Views, day: string): Promise<readonly (readonly [string, number])[]> {
  const figures = await views.figures(emergingTables.games, day);
  return [...figures]
    .map(([game, { reports = 0 }]) => [game, reports] as const)
    .sort(([a, some], [b, more]) => more - some || (a < b ? -1 : 1));
}

/** The newest reports of a day and game, each with the words of its description; without any where none came. */
async function wordedReports(
  views: Views,
  { day, game }: { readonly day: string; readonly game: string },
  limit: number,
): Promise<readonly WordedReport[]> {
  const partition = emergingPartition(day, game);
  const rows = await views.page(emergingTables.reports, partition, { limit, descending: true });
  const oldest = rows.at(-1);
  if (oldest === undefined) return [];
  // Words of reports that have not come themselves yet take up places: some of the oldest may then count without their words.
  const options = { limit: pageMax, descending: true, from: oldest.key };
  const words = new Map(
    (await views.page(emergingTables.words, partition, options)).map(({ key, value }) => [key, value['words'] as string[]]),
  );
  return rows.map(({ key, value }) => ({ ...(value as unknown as UnownedReport), day, game, words: words.get(key) ?? [] }));
}
