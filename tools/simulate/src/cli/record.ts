import { machineLine, writeRunRecord, type PromiseFigure } from '@ringside/promises';

import type { Tally } from '../run/pool.js';
import type { Hunted } from './hunt-planted.js';

interface Ran {
  readonly seeds: Tally;
  /** Of the regression list. */
  readonly again: Tally;
  readonly planted: readonly Hunted[];
  readonly seconds: number;
  readonly options: { readonly seed: number; readonly seeds: number };
}

const number = (value: number): string => value.toLocaleString('en');

/** Keeps the figures of a run for docs/promises.md. */
export function recordRun({ seeds, again, planted, seconds, options }: Ran): void {
  const { runs, figures, failures, repeated } = seeds;
  const found = planted.filter(({ isFound }) => isFound);
  const latest = Math.max(...found.map(({ foundAt }) => foundAt!));
  const entries: readonly PromiseFigure[] = [
    {
      promise:
        'Whatever crashes, hangs, is cut off or comes twice: every accepted report is with the right teams, once, every view is what a fresh replay gives, what is published is what was decided, and nothing is in a region where it must not be.',
      how: 'All services run in one process on simulated logs, stores, clocks and networks; a seed says what goes wrong, and when all has come to rest logs and stores are looked at.',
      ...{
        aim: 'no seed fails',
        figure: `${number(failures.length)} of ${number(runs)} seeds failed`,
        kept: failures.length === 0,
      },
    },
    {
      promise: 'No accepted report is lost or taken twice.',
      how: 'Of the same runs: reports that were answered 202 while processes crashed, calls failed and clocks were hours off.',
      aim: 'none',
      figure: `0 of ${number(figures.accepted)} reports in the seeds that passed, with ${number(figures.disturbances)} faults`,
      kept: failures.length === 0,
    },
    {
      promise: 'A failure can be played again.',
      how: 'Some seeds are played twice, and have to take the same steps at the same times.',
      ...{
        aim: 'always',
        figure: `${number(repeated)} seeds played twice`,
        kept: !failures.some(({ faults }) => faults.some((one) => one.startsWith('A second run'))),
      },
    },
    {
      promise: 'What was mended stays mended.',
      how: 'Seeds that once failed are played before all others.',
      ...{
        aim: 'none fails',
        figure: `${number(again.failures.length)} of ${number(again.runs)} failed`,
        kept: again.failures.length === 0,
      },
    },
    {
      promise: 'The simulator finds bugs.',
      how: 'Known bugs are planted one by one between the services and their log and store: each has to be found within its number of seeds.',
      aim: `all ${planted.length}`,
      figure: `${found.length} of ${planted.length}, the hardest at seed ${number(latest)}`,
      kept: found.length === planted.length,
    },
  ];
  const command = `npm run simulate -- --seed ${options.seed} --seeds ${options.seeds} --record`;
  const at = new Date().toISOString();
  console.error(
    writeRunRecord({
      harness: 'simulate',
      command,
      at,
      seconds: Math.round(seconds),
      machine: machineLine(),
      figures: entries,
    }),
  );
}
