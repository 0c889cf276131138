import { noFigures, sum, type Figures } from './figures.js';
import type { RunOptions } from './run.js';

/** A run that failed. */
export interface Failure {
  readonly options: RunOptions;
  readonly faults: readonly string[];
  /** It came to its end, so that it can be played again. One that did not would keep whoever plays it for ever. */
  readonly hasEnded: boolean;
}

/** What became of runs. */
export interface Tally {
  readonly runs: number;
  readonly steps: number;
  /** Runs that were played twice, and those of them that went another way. */
  readonly repeated: number;
  readonly differed: number;
  readonly figures: Figures;
  readonly failures: readonly Failure[];
}

export const noTally: Tally = { runs: 0, steps: 0, repeated: 0, differed: 0, figures: noFigures, failures: [] };

export const added = (a: Tally, b: Tally): Tally => ({
  runs: a.runs + b.runs,
  steps: a.steps + b.steps,
  repeated: a.repeated + b.repeated,
  differed: a.differed + b.differed,
  figures: sum(a.figures, b.figures),
  failures: [...a.failures, ...b.failures],
});

/** Why runs of which none failed show nothing all the same; undefined where all that were asked for were played and looked at. */
export function whatIsMissing({ runs, figures, failures }: Tally, asked: number): string | undefined {
  if (runs < asked && failures.length === 0) return `Of ${asked} seeds only ${runs} were played, and nobody says why.`;
  if (runs > 0 && figures.rows === 0 && failures.length === 0) return `In ${runs} seeds there was nothing to look at.`;
  return undefined;
}
