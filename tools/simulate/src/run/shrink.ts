import { run, type RunOptions, type RunOutcome, type Terms } from './run.js';

const sizes = {
  faultsMax: [0, 1, 2, 3, 5, 8, 13, 21, 34, 55],
  commandsMax: [0, 1, 2, 4, 8],
  reportsMax: [1, 2, 3, 5, 8, 13],
} as const;

/** The smallest run of the same seed, by load and faults, that still fails. Of smaller ones only these sizes are tried. */
export async function shrink(
  failed: RunOptions,
  terms: () => Terms,
): Promise<{ readonly options: RunOptions; readonly outcome: RunOutcome }> {
  let options = failed;
  for (const name of ['reportsMax', 'commandsMax', 'faultsMax'] as const) {
    for (const size of sizes[name]) {
      if (size >= (options[name] ?? Infinity)) break;
      const smaller = { ...options, [name]: size };
      if ((await run(smaller, terms())).faults.length === 0) continue;
      options = smaller;
      break;
    }
  }
  return { options, outcome: await run(options, { ...terms(), isTraced: true }) };
}

const noise = /timer|has nothing| arrives$| goes on$|a look whether/;
const linesMax = 150;

/** The trace without what says little, and of a long one its end. */
export function shortened(trace: readonly string[]): readonly string[] {
  const telling = trace.filter((line) => !noise.test(line));
  const left = telling.length - linesMax;
  return left > 0 ? [`(${left} lines before that)`, ...telling.slice(-linesMax)] : telling;
}
