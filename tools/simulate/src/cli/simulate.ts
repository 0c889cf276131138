import { Logger } from '@nestjs/common';
import { readPolicy } from '@ringside/platform';
import { Command, InvalidArgumentError } from 'commander';
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';

import { plantedBugs } from '../planted/planted.js';
import { playAll, type Failure, type Tally } from '../run/pool.js';
import { run, type RunOptions } from '../run/run.js';
import { shortened, shrink } from '../run/shrink.js';
import { installMachine } from '../world/machine.js';
import { huntPlanted } from './hunt-planted.js';
import { recordRun } from './record.js';
import { regressionSeeds } from './regression.js';

const policyPath = fileURLToPath(new URL('../../../../ring.yaml', import.meta.url));

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

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It has to be a whole number.');
  return Number(text);
}

function read(argv: readonly string[]): Options {
  const command = new Command('simulate')
    .description(
      'All services in one process on simulated logs, stores, clocks and networks, with all that can go wrong: a seed says what.',
    )
    .helpOption('-h, --help', 'show this')
    .option('--seed <n>', 'the first seed, or the only one with --trace', wholeNumber, 1)
    .option('--seeds <n>', 'how many seeds, from --seed on; CI plays 500', wholeNumber, 500)
    .option('--workers <n>', 'threads', wholeNumber, availableParallelism())
    .option('--trace', 'play one seed, and print every step of it')
    .option('--regression', 'play only the seeds that once failed: a plain run begins with them')
    .option('--planted', 'plant known bugs, one after the other, and see within how many seeds each is found')
    .option('--bug <name>', 'with --trace or --seeds: plant this one')
    .option('--reports-max <n>', 'no more reports than this in a run', wholeNumber)
    .option('--commands-max <n>', 'no more commands than this in a run', wholeNumber)
    .option('--faults-max <n>', 'no more faults than this in a run', wholeNumber)
    .option('--record', 'keep the figures for docs/promises.md')
    .option('--json <file>', 'write the figures to a file');
  command.parse([...argv]);
  return command.opts<Options>();
}

const limitsOf = ({ reportsMax, commandsMax, faultsMax }: Options): Omit<RunOptions, 'seed'> => ({
  ...(reportsMax !== undefined && { reportsMax }),
  ...(commandsMax !== undefined && { commandsMax }),
  ...(faultsMax !== undefined && { faultsMax }),
});

/** Answers with the exit code: 1 where a promise was broken, or a planted bug was not found. */
export async function simulate(argv: readonly string[]): Promise<number> {
  const options = read(argv);
  if (options.trace) return trace(options);
  const startedAt = performance.now();
  const secondsSince = (): number => (performance.now() - startedAt) / 1_000;
  if (options.planted) {
    const hunted = await huntPlanted(policyPath, options);
    if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(hunted, null, 2)}\n`);
    return hunted.every(({ isFound }) => isFound) ? 0 : 1;
  }
  const list = options.bug === undefined ? regressionSeeds() : [];
  const common = { policyPath, workers: options.workers, failuresMax: 10 };
  const again = await playAll({ ...common, list, fromSeed: 0, count: list.length });
  const report = progress(options.seeds, secondsSince);
  const seeds = options.regression
    ? again
    : await playAll({
        ...common,
        ...{ fromSeed: options.seed, count: options.seeds, onProgress: report },
        ...(options.bug !== undefined && { bug: options.bug }),
      });
  const failures = options.regression ? again.failures : [...again.failures, ...seeds.failures];
  const seconds = secondsSince();
  console.log(summary(seeds, seconds));
  await explain(failures, options.bug);
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify({ ...seeds, failures, seconds }, null, 2)}\n`);
  if (options.record && !options.regression) {
    const planted = await huntPlanted(policyPath, options);
    recordRun({ seeds, again, planted, seconds, options });
  }
  return failures.length === 0 ? 0 : 1;
}

function progress(count: number, secondsSince: () => number): (tally: Tally) => void {
  let saidAt = 0;
  return ({ runs, failures }) => {
    const seconds = secondsSince();
    if (seconds - saidAt < 5 && runs < count) return;
    saidAt = seconds;
    console.error(`${runs} of ${count} seeds, ${(runs / seconds).toFixed(1)} a second, ${failures.length} failed`);
  };
}

const summary = ({ runs, steps, repeated, figures, failures }: Tally, seconds: number): string =>
  [
    `${runs} seeds in ${seconds.toFixed(0)} s, ${steps} steps, ${failures.length} seeds failed.`,
    `${figures.accepted} reports accepted, ${figures.commands} commands taken, ${figures.disturbances} disturbances;`,
    `${figures.records} records and ${figures.rows} rows looked at, ${figures.parked} events parked for good; ${repeated} seeds played twice.`,
  ].join('\n');

/** The first failures: what is wrong, and the shortest run that shows it. */
async function explain(failures: readonly Failure[], bug: string | undefined): Promise<void> {
  if (failures.length === 0) return;
  const terms = await termsHere(bug);
  for (const [i, { options, faults }] of failures.entries()) {
    console.log(`\nSeed ${options.seed} failed:\n${faults.map((fault) => `  ${fault.slice(0, 1_500)}`).join('\n')}`);
    if (i >= 2) continue;
    const { options: short, outcome } = await shrink(options, terms());
    console.log(shortened(outcome.trace).join('\n'));
    console.log(
      outcome.faults
        .slice(0, 3)
        .map((fault) => `  ${fault.slice(0, 600)}`)
        .join('\n'),
    );
    console.log(`Again: npm run simulate -- --trace ${argumentsOf(short)}`);
  }
}

const argumentsOf = ({ seed, reportsMax, commandsMax, faultsMax }: RunOptions): string =>
  [
    `--seed ${seed}`,
    reportsMax === undefined ? '' : `--reports-max ${reportsMax}`,
    commandsMax === undefined ? '' : `--commands-max ${commandsMax}`,
    faultsMax === undefined ? '' : `--faults-max ${faultsMax}`,
  ]
    .filter((part) => part !== '')
    .join(' ');

async function termsHere(bug: string | undefined) {
  Logger.overrideLogger(false);
  installMachine();
  const policy = await readPolicy(policyPath);
  const planted = plantedBugs.find(({ name }) => name === bug);
  return () => ({ policy, wrapping: planted?.plant() ?? {} });
}

async function trace(options: Options): Promise<number> {
  const terms = await termsHere(options.bug);
  const outcome = await run({ seed: options.seed, ...limitsOf(options) }, { ...terms(), isTraced: true });
  console.log(outcome.trace.join('\n'));
  console.log(`${outcome.steps} steps, hash ${outcome.hash.toString(16)}`);
  for (const fault of outcome.faults) console.log(fault);
  return outcome.faults.length === 0 ? 0 : 1;
}
