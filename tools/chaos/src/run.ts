import type { PromiseFigure, Run as KeptRun, RunRecord } from '@ringside/promises';

import { figureOf, wasPlayed, type Result } from './report.js';

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

/** Whether it is what `--json` wrote, and lacks nothing, as what an older version wrote does. */
export function isRun(value: unknown): value is Run {
  const { command, at, machine, seed, short, seconds, results } = (value ?? {}) as Partial<Run>;
  return (
    [command, at, machine].every((value) => typeof value === 'string') &&
    [seed, seconds].every((value) => typeof value === 'number') &&
    typeof short === 'boolean' &&
    Array.isArray(results)
  );
}

/** Why the figures of runs are not for docs/promises.md; undefined where they are. */
export function whyNotKept(runs: readonly Run[]): string | undefined {
  if (runs.some(({ short }) => short)) return 'a short run is not kept';
  if (!runs.some(({ results }) => results.some(wasPlayed))) return 'no scenario was played';
  return undefined;
}

/** The figure of a scenario, and the run that it is of. */
export interface KeptFigure extends PromiseFigure, KeptRun {
  readonly scenario: string;
}

export interface ChaosRecord extends RunRecord {
  readonly figures: readonly KeptFigure[];
}

/**
 * The record with the figures of some runs, each in place of the one of its scenario; what they have not played stays as it was, and so
 * does what was played before and was skipped now. `order`: of the scenarios; what is none of them is left out.
 */
export function recordOf(runs: readonly Run[], order: readonly string[], before?: ChaosRecord): ChaosRecord {
  const inTime = [...runs].sort((a, b) => a.at.localeCompare(b.at));
  const byScenario = new Map((before?.figures ?? []).map((figure) => [figure.scenario, figure]));
  for (const { command, at, machine, results } of inTime) {
    for (const result of results) {
      const { name } = result.scenario;
      if (byScenario.has(name) && !wasPlayed(result)) continue;
      byScenario.set(name, { ...figureOf(result), scenario: name, command, at, machine });
    }
  }
  const figures = order.flatMap((name) => byScenario.get(name) ?? []);
  const { command, at, machine } = inTime.at(-1)!;
  return {
    ...{ harness: 'chaos', command, at, machine, seconds: runs.reduce((sum, { seconds }) => sum + seconds, 0) },
    runs: [...new Map(figures.map((one) => [one.at, { command: one.command, at: one.at, machine: one.machine }])).values()],
    figures,
  };
}
