import { machineLine, writeRunRecord, type PromiseFigure } from '@ringside/promises';

import type { Tally } from '../run/tally.js';
import type { Hunted } from './hunt-planted.js';

export interface Ran {
  readonly seeds: Tally;
  /** Of the regression list. */
  readonly again: Tally;
  readonly planted: readonly Hunted[];
}

const number = (value: number): string => value.toLocaleString('en');

/** Whether an aim was reached; nothing is said of what did not happen. */
const keptOf = (happened: number, isKept: boolean): { readonly kept?: boolean } => (happened > 0 ? { kept: isKept } : {});

/** What docs/promises.md says of a run. */
export function figuresOf({ seeds, again, planted }: Ran): readonly PromiseFigure[] {
  const { runs, figures, failures, repeated, differed } = seeds;
  const { accepted, lookedFor, astray, appeals } = figures;
  const found = planted.flatMap(({ isFound, foundAt }) => (isFound && foundAt !== undefined ? [foundAt] : []));
  return [
    {
      promise:
        'Whatever crashes, hangs, is cut off or comes twice: every accepted report is with the right teams, once, every accepted appeal with its case, every view is what a fresh replay gives, what is published is what was decided, and nothing is in a region where it must not be.',
      how: 'All services run in one process on simulated logs, stores, clocks and networks; a seed says what goes wrong, and when all has come to rest logs and stores are looked at.',
      aim: 'no seed fails',
      figure: `${number(failures.length)} of ${number(runs)} seeds failed, with ${number(appeals)} appeals accepted`,
      ...keptOf(runs, failures.length === 0),
    },
    {
      promise: 'No accepted report is lost or taken twice.',
      how: 'Of the same runs: reports that were answered 202 while processes crashed, calls failed and clocks were hours off are looked for in every log and with every team.',
      aim: 'none, and all are looked for',
      figure: `${number(astray)} of ${number(lookedFor)} that were looked for, of ${number(accepted)}, with ${number(figures.disturbances)} faults`,
      ...keptOf(accepted, astray === 0 && lookedFor === accepted),
    },
    {
      promise: 'A failure can be played again.',
      how: 'Some seeds are played twice, and have to take the same steps at the same times.',
      aim: 'none goes another way',
      figure: `${number(differed)} of ${number(repeated)}`,
      ...keptOf(repeated, differed === 0),
    },
    {
      promise: 'What was mended stays mended.',
      how: 'Seeds that once failed are played before all others.',
      aim: 'none fails',
      figure: `${number(again.failures.length)} of ${number(again.runs)} failed`,
      ...keptOf(again.runs, again.failures.length === 0),
    },
    {
      promise: 'The simulator finds bugs.',
      how: 'Known bugs are planted one by one between the services and their log and store: each has to cause its fault within its number of seeds, in one that passes without it.',
      aim: `all ${planted.length}`,
      figure: `${found.length} of ${planted.length}${found.length > 0 ? `, the hardest at seed ${number(Math.max(...found))}` : ''}`,
      ...keptOf(planted.length, found.length === planted.length),
    },
  ];
}

/** Keeps the figures of a run for docs/promises.md. */
export function recordRun(ran: Ran, { seed, seeds, seconds }: { seed: number; seeds: number; seconds: number }): void {
  const file = writeRunRecord({
    harness: 'simulate',
    command: `npm run simulate -- --seed ${seed} --seeds ${seeds} --record`,
    at: new Date().toISOString(),
    seconds: Math.round(seconds),
    machine: machineLine(),
    figures: figuresOf(ran),
  });
  console.error(`The figures are in ${file}.`);
}
