import { foreignCores, isClean, readCpu } from './foreign-load.js';
import type { BenchContext } from './row.js';

/** What a round gave, and how many cores others took meanwhile. */
export interface Observed<T> {
  readonly result: T;
  readonly foreignCores: number;
}

export type Observe = <T>(round: () => Promise<T>) => Promise<Observed<T>>;

export type CleanContext = Pick<BenchContext, 'repeatsMax' | 'hasTime' | 'ownProcesses' | 'say'>;

/**
 * Runs the rounds of one row. A round in which others took too much is repeated, at most `repeatsMax` times over all rounds
 * of the row and only while the run has time; of a round's tries the least disturbed one counts.
 */
export function cleanRounds({ repeatsMax, hasTime, ownProcesses, say }: CleanContext, read = readCpu): Observe {
  const roots = [process.pid, ...ownProcesses];
  let repeatsLeft = repeatsMax;
  return async (round) => {
    for (let least: Observed<Awaited<ReturnType<typeof round>>> | undefined; ;) {
      const before = read(roots);
      const result = await round();
      const cores = foreignCores(before, read(roots));
      if (least === undefined || cores < least.foreignCores) least = { result, foreignCores: cores };
      if (isClean(least.foreignCores) || repeatsLeft === 0 || !hasTime()) return least;
      repeatsLeft -= 1;
      say(`others took ${cores.toFixed(2)} cores: this round is repeated (${repeatsLeft} more of this row can be)`);
    }
  };
}

/** The clean ones where there are enough, else all: what is said of them says which. */
export function judgedRounds<T extends { readonly foreignCores: number }>(rounds: readonly T[]): readonly T[] {
  const clean = rounds.filter((round) => isClean(round.foreignCores));
  return clean.length >= Math.min(cleanRoundsMin, rounds.length) ? clean : rounds;
}

/** As few clean rounds as make a figure of the full run. */
export const cleanRoundsMin = 5;
