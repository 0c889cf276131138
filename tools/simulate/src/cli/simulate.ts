import { writeFileSync } from 'node:fs';

import { InterruptedError, playAll } from '../run/pool.js';
import { run } from '../run/run.js';
import { whatIsMissing, type Tally } from '../run/tally.js';
import { termsHere } from '../run/terms.js';
import { explain } from './explain.js';
import { huntPlanted } from './hunt-planted.js';
import { limitsOf, readOptions, type Options } from './options.js';
import { recordRun } from './record.js';
import { regressionSeeds } from './regression.js';

/** So many failures are enough to look at. */
const failuresMax = 10;
/** As a shell says it of a command that was interrupted. */
const interruptedCode = 130;

/** Answers with the exit code: 1 where a promise was broken, a planted bug was not found, or not all was played that was asked for. */
export async function simulate(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const options = readOptions(argv, env);
  try {
    if (options.trace) return await trace(options);
    if (options.planted) return await hunt(options);
    return await play(options);
  } catch (error) {
    if (!(error instanceof InterruptedError)) throw error;
    console.error('Interrupted: nothing is kept.');
    return interruptedCode;
  }
}

async function play(options: Options): Promise<number> {
  const startedAt = performance.now();
  const secondsSince = (): number => (performance.now() - startedAt) / 1_000;
  const { workers, seed: fromSeed, seeds: count, bug } = options;
  const list = bug === undefined ? regressionSeeds() : [];
  const isEnough = ({ failures }: Tally): boolean => failures.length >= failuresMax;
  const again = await playAll({ workers, list, fromSeed: 0, count: list.length, isEnough });
  const onProgress = progress(count, secondsSince);
  const seeds = options.regression
    ? again
    : await playAll({ workers, fromSeed, count, isEnough, onProgress, ...(bug !== undefined && { bug }) });
  const failures = options.regression ? again.failures : [...again.failures, ...seeds.failures];
  const missing = [whatIsMissing(again, list.length), whatIsMissing(seeds, options.regression ? list.length : count)];
  const seconds = secondsSince();
  console.log(summary(seeds, seconds));
  await explain(failures, bug);
  const wrong = new Set(missing.filter((one) => one !== undefined));
  for (const one of wrong) console.log(one);
  if (options.json !== undefined)
    writeFileSync(options.json, `${JSON.stringify({ ...seeds, failures, missing: [...wrong], seconds }, null, 2)}\n`);
  const isFine = failures.length === 0 && wrong.size === 0;
  if (!options.record) return isFine ? 0 : 1;
  const planted = await huntPlanted(options);
  recordRun({ seeds, again, planted }, { seed: fromSeed, seeds: count, seconds });
  return isFine && planted.every(({ isFound }) => isFound) ? 0 : 1;
}

async function hunt(options: Options): Promise<number> {
  const hunted = await huntPlanted(options);
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(hunted, null, 2)}\n`);
  return hunted.length > 0 && hunted.every(({ isFound }) => isFound) ? 0 : 1;
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
    `${figures.accepted} reports and ${figures.appeals} appeals accepted, ${figures.commands} commands taken, ${figures.disturbances} disturbances;`,
    `${figures.records} records and ${figures.rows} rows looked at, ${figures.parked} events parked for good; ${repeated} seeds played twice.`,
  ].join('\n');

async function trace(options: Options): Promise<number> {
  const terms = await termsHere(options.bug);
  const outcome = await run({ seed: options.seed, ...limitsOf(options) }, { ...terms(), isTraced: true });
  console.log(outcome.trace.join('\n'));
  console.log(`${outcome.steps} steps, hash ${outcome.hash.toString(16)}`);
  for (const fault of outcome.faults) console.log(fault);
  return outcome.faults.length === 0 ? 0 : 1;
}
