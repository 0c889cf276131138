import { mkdir, writeFile } from 'node:fs/promises';
import { constants } from 'node:os';
import { join, resolve } from 'node:path';

import { machineLine, readEarlierRun, readRunRecord, writeRunRecord } from '@ringside/promises';
import { randomOf } from '@ringside/random';

import { readOptions, type Options } from './options.js';
import { isBroken, tableOf, wasPlayed, type Result } from './report.js';
import { commandOf, isRun, recordOf, whyNotKept, type ChaosRecord, type Run } from './run.js';
import type { Scenario } from './scenario.js';
import { scenarios } from './scenarios/all.js';
import { makeDirectory, removeDirectory } from './services.js';

const root = resolve(import.meta.dirname, '../../..');
const options = readOptions(process.argv, process.env, scenarios);
const startedAt = performance.now();

/** What is to end with the run, the latest first. */
const ends: (() => Promise<void> | void)[] = [];
async function endAll(): Promise<void> {
  for (let end = ends.pop(); end !== undefined; end = ends.pop()) {
    try {
      await end();
    } catch (error) {
      console.error(error); // the others are to end all the same
    }
  }
}

/** Of the scenario that is being played. */
let directoryNow: string | undefined;
let interrupted = false;

async function interrupt(signal: 'SIGINT' | 'SIGTERM'): Promise<void> {
  interrupted = true;
  await endAll();
  if (directoryNow !== undefined) await removeDirectory(directoryNow).catch((error: unknown) => console.error(error));
  process.exit(128 + constants.signals[signal]);
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void interrupt(signal));

/** Runs a scenario in a directory of its own, which stays where something broke. */
async function play(scenario: Scenario, { seed, short, kills, minutes }: Options): Promise<Result> {
  const began = performance.now();
  const say = (line: string): void => console.error(`${scenario.name}: ${line}`);
  const missing = await scenario.missing?.();
  if (missing !== undefined) {
    say(`skipped: ${missing}`);
    return { scenario, outcome: { skipped: missing }, seconds: 0, kept: undefined };
  }
  directoryNow = await makeDirectory();
  const directory = join(directoryNow, scenario.name);
  await mkdir(directory);
  say(scenario.how);
  const random = randomOf(seed);
  const onEnd = (end: () => Promise<void> | void): void => void ends.push(end);
  let outcome: Result['outcome'];
  try {
    outcome = await scenario.run({ root, directory, seed, random, short, kills, minutes, say, onEnd });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    outcome = { figures: {}, faults: [`it could not be played to its end: ${reason}`] };
  }
  await endAll();
  // What an interruption has broken says nothing; it ends the process as soon as all is cleared away.
  if (interrupted) await new Promise(() => undefined);
  const seconds = (performance.now() - began) / 1_000;
  const broken = outcome.faults.length > 0;
  if (broken) for (const fault of outcome.faults) say(`BROKEN (seed ${seed}): ${fault}`);
  else await removeDirectory(directoryNow);
  return { scenario, outcome, seconds, kept: broken ? directory : undefined };
}

function earlierRuns(): readonly Run[] {
  try {
    return options.from.map((file) => readEarlierRun(file, isRun));
  } catch (error) {
    console.error(`chaos: ${(error as Error).message}`);
    process.exit(1);
  }
}

async function playAll(): Promise<Run> {
  console.error(`Seed ${options.seed}`);
  const results: Result[] = [];
  for (const scenario of options.scenarios) results.push(await play(scenario, options));
  return {
    command: commandOf(process.argv.slice(2)),
    at: new Date().toISOString(),
    machine: machineLine(),
    ...{ seed: options.seed, short: options.short, seconds: (performance.now() - startedAt) / 1_000, results },
  };
}

const earlier = earlierRuns();
const runs = earlier.length > 0 ? earlier : [await playAll()];
const results = runs.flatMap((run) => run.results);
console.log(tableOf(results));

const broken = results.filter(isBroken);
const played = results.some(wasPlayed);
const count = (name: string): number =>
  results.reduce((sum, { outcome }) => sum + ('figures' in outcome ? Number(outcome.figures[name] ?? 0) : 0), 0);
console.log(
  `Seed ${runs.map(({ seed }) => seed).join(', ')}: ${count('kills')} kills, ${count('accepted')} reports accepted, ${count('lost')} lost, ${count('doubled')} doubled.` +
    (broken.length === 0 ? '' : ` Broken: ${broken.map(({ scenario }) => scenario.name).join(', ')}.`) +
    (played ? '' : ' Nothing was played.'),
);
if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(runs[0], null, 2)}\n`);
process.exitCode = broken.length === 0 && played ? 0 : 1;
if (options.record) {
  const reason = whyNotKept(runs);
  if (reason === undefined) {
    const before = readRunRecord('chaos') as ChaosRecord | undefined;
    const order = scenarios.map(({ name }) => name);
    console.error(`Kept in ${writeRunRecord(recordOf(runs, order, before))}`);
  } else {
    console.error(`Nothing is kept: ${reason}.`);
    process.exitCode = 1;
  }
}
