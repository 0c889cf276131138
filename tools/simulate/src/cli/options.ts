import { availableParallelism } from 'node:os';

import { fileToWrite } from '@ringside/promises';
import { Command, InvalidArgumentError, Option } from 'commander';

import { plantedBugs } from '../planted/planted.js';
import type { RunOptions } from '../run/run.js';

export interface Options {
  readonly seed: number;
  readonly seeds: number;
  readonly workers: number;
  readonly trace?: true;
  readonly regression?: true;
  readonly planted?: true;
  readonly bug?: string;
  readonly record?: true;
  readonly json?: string;
  readonly reportsMax?: number;
  readonly commandsMax?: number;
  readonly faultsMax?: number;
}

/** As many as CI plays: figures of fewer are not kept. */
const recordedSeedsMin = 500;
const threadsMax = 64;

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It has to be a whole number.');
  return Number(text);
}

const atLeastOne = (text: string): number => {
  const number = wholeNumber(text);
  if (number < 1) throw new InvalidArgumentError('It has to be 1 or more.');
  return number;
};

/** What was asked for. Ends the process where that is nothing that can be done, so that no run passes without having happened. */
export function readOptions(argv: readonly string[], env: NodeJS.ProcessEnv, command = new Command('simulate')): Options {
  const option = (flags: string, what: string): Option => new Option(flags, what);
  command
    .description(
      'All services in one process on simulated logs, stores, clocks and networks, with all that can go wrong: a seed says what.',
    )
    .helpOption('-h, --help', 'show this')
    .option('--seed <n>', 'the first seed, or the only one with --trace', wholeNumber, 1)
    .option('--seeds <n>', 'how many seeds, from --seed on; CI plays 500', atLeastOne, 500)
    .option('--workers <n>', 'threads', atLeastOne, availableParallelism())
    .addOption(
      option('--trace', 'play one seed, and print every step of it').conflicts([
        ...['seeds', 'workers', 'regression', 'planted', 'record', 'json'],
      ]),
    )
    .addOption(
      option('--regression', 'play only the seeds that once failed: a plain run begins with them').conflicts([
        ...['seed', 'seeds', 'planted', 'bug', 'record'],
      ]),
    )
    .addOption(
      option(
        '--planted',
        'plant known bugs, one after the other: each has to cause its fault within its number of seeds, and without it that seed has to pass',
      ).conflicts(['seeds', 'record']),
    )
    .addOption(
      option('--bug <name>', 'plant this one; with --planted: hunt for this one alone')
        .choices(plantedBugs.map(({ name }) => name))
        .conflicts('record'),
    )
    .option('--reports-max <n>', 'with --trace: no more reports than this in the run', wholeNumber)
    .option('--commands-max <n>', 'with --trace: no more commands than this in the run', wholeNumber)
    .option('--faults-max <n>', 'with --trace: no more faults than this in the run', wholeNumber)
    .option(
      '--record',
      `keep the figures for docs/promises.md, and hunt for all planted bugs; from ${recordedSeedsMin} seeds on`,
    )
    .option('--json <file>', 'write the figures to a file', fileToWrite(env));
  command.parse([...argv]);
  const options = command.opts<Options>();
  const fault = faultIn(options);
  if (fault !== undefined) command.error(`error: ${fault}`);
  return options;
}

function faultIn({ trace, record, seeds, workers, ...others }: Options): string | undefined {
  const { reportsMax, commandsMax, faultsMax } = others;
  if (!trace && [reportsMax, commandsMax, faultsMax].some((max) => max !== undefined))
    return '--reports-max, --commands-max and --faults-max shorten a run of --trace.';
  if (record && seeds < recordedSeedsMin) return `--record keeps the figures of ${recordedSeedsMin} seeds or more.`;
  return workers > threadsMax ? `--workers is at most ${threadsMax}.` : undefined;
}

export const limitsOf = ({ reportsMax, commandsMax, faultsMax }: Options): Omit<RunOptions, 'seed'> => ({
  ...(reportsMax !== undefined && { reportsMax }),
  ...(commandsMax !== undefined && { commandsMax }),
  ...(faultsMax !== undefined && { faultsMax }),
});

/** The command that plays a run once more, and prints it. */
export const commandFor = ({ seed, reportsMax, commandsMax, faultsMax }: RunOptions, bug?: string): string =>
  [
    `npm run simulate -- --trace --seed ${seed}`,
    ...(bug === undefined ? [] : [`--bug ${bug}`]),
    ...(reportsMax === undefined ? [] : [`--reports-max ${reportsMax}`]),
    ...(commandsMax === undefined ? [] : [`--commands-max ${commandsMax}`]),
    ...(faultsMax === undefined ? [] : [`--faults-max ${faultsMax}`]),
  ].join(' ');
