import type { RunRecord } from '@ringside/promises';

import { figuresOf, wasPlayed, type Result } from './report.js';

/** A run as `--json` writes it, with what is to be known of it once it is kept. */
export interface Run {
  /** As a user types it. */
  readonly command: string;
  /** When it ended, as an ISO date-time. */
  readonly at: string;
  readonly machine: string;
  readonly seed: number;
  readonly short: boolean;
  readonly seconds: number;
  readonly results: readonly Result[];
}

/** What was typed, without what is about files and not about the run. */
export function commandOf(words: readonly string[]): string {
  const given = words.filter((word, i) => word !== '--record' && !/^--json(=|$)/.test(word) && words[i - 1] !== '--json');
  return ['npm run chaos', ...(given.length > 0 ? ['--', ...given] : [])].join(' ');
}

/** Reads what `--json` wrote. Throws where it lacks anything, as what an older version wrote does. */
export function readRun(file: string, text: string): Run {
  const run = JSON.parse(text) as Partial<Run>;
  const { command, at, machine, seed, short, seconds, results } = run;
  const whole =
    [command, at, machine].every((value) => typeof value === 'string') &&
    [seed, seconds].every((value) => typeof value === 'number') &&
    typeof short === 'boolean' &&
    Array.isArray(results);
  if (!whole) throw new Error(`${file} is not what --json of this version writes: play it again.`);
  return run as Run;
}

/** Why the figures of runs are not for docs/promises.md; undefined where they are. */
export function whyNotKept(runs: readonly Run[]): string | undefined {
  if (runs.some(({ short }) => short)) return 'a short run is not kept';
  if (!runs.some(({ results }) => results.some(wasPlayed))) return 'no scenario was played';
  return undefined;
}

/** One or several runs as one record: on the day of the newest, with the commands and the machines of all. */
export const recordOf = (runs: readonly Run[]): RunRecord => ({
  harness: 'chaos',
  command: distinct(runs.map(({ command }) => command)).join(' && '),
  at: runs
    .map(({ at }) => at)
    .sort()
    .at(-1)!,
  seconds: runs.reduce((sum, { seconds }) => sum + seconds, 0),
  machine: distinct(runs.map(({ machine }) => machine)).join(' and '),
  figures: figuresOf(runs.flatMap(({ results }) => results)),
});

const distinct = (texts: readonly string[]): readonly string[] => [...new Set(texts)];
