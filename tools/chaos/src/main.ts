import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { machineLine, writeRunRecord } from '@ringside/promises';

import { readOptions, type Options } from './options.js';
import { randomFrom } from '@ringside/casework-load';
import { figuresOf, isBroken, tableOf, type Result } from './report.js';
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
    await Promise.resolve(end()).catch((error: unknown) => console.error(error));
  }
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void endAll().finally(() => process.exit(1)));
}

/** Runs a scenario in a directory of its own, which stays where something broke. */
async function play(scenario: Scenario, { seed, short, kills, minutes }: Options): Promise<Result> {
  const began = performance.now();
  const say = (line: string): void => console.error(`${scenario.name}: ${line}`);
  const missing = scenario.missing?.();
  if (missing !== undefined) {
    say(`skipped: ${missing}`);
    return { scenario, outcome: { skipped: missing }, seconds: 0, kept: undefined };
  }
  const directory = join(await makeDirectory(), scenario.name);
  await mkdir(directory);
  say(scenario.how);
  const random = randomFrom(seed);
  const onEnd = (end: () => Promise<void> | void): void => void ends.push(end);
  let outcome: Result['outcome'];
  try {
    outcome = await scenario.run({ root, directory, seed, random, short, kills, minutes, say, onEnd });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    outcome = { figures: {}, faults: [`it could not be played to its end: ${reason}`] };
  }
  await endAll();
  const seconds = (performance.now() - began) / 1_000;
  const broken = outcome.faults.length > 0;
  if (broken) for (const fault of outcome.faults) say(`BROKEN (seed ${seed}): ${fault}`);
  else await removeDirectory(resolve(directory, '..'));
  return { scenario, outcome, seconds, kept: broken ? directory : undefined };
}

/** A run as `--json` writes it. */
interface Run {
  readonly seed: number;
  readonly seconds: number;
  readonly results: readonly Result[];
}

const runOf = async (file: string): Promise<Run> => JSON.parse(await readFile(file, 'utf8')) as Run;

async function playAll(): Promise<Result[]> {
  console.error(`Seed ${options.seed}`);
  const played: Result[] = [];
  for (const scenario of options.scenarios) played.push(await play(scenario, options));
  return played;
}

const earlier = await Promise.all(options.from.map(runOf));
const results = earlier.length > 0 ? earlier.flatMap((run) => run.results) : await playAll();
console.log(tableOf(results));

const broken = results.filter(isBroken);
const count = (name: string): number =>
  results.reduce((sum, { outcome }) => sum + ('figures' in outcome ? Number(outcome.figures[name] ?? 0) : 0), 0);
console.log(
  `Seed ${earlier.length > 0 ? earlier.map(({ seed }) => seed).join(', ') : options.seed}: ${count('kills')} kills, ${count('accepted')} reports accepted, ${count('lost')} lost, ${count('doubled')} doubled.` +
    (broken.length === 0 ? '' : ` Broken: ${broken.map(({ scenario }) => scenario.name).join(', ')}.`),
);
const seconds =
  earlier.length > 0 ? earlier.reduce((sum, run) => sum + run.seconds, 0) : (performance.now() - startedAt) / 1_000;
const run = { seed: options.seed, short: options.short, seconds, results };
if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(run, null, 2)}\n`);
if (options.record) {
  const played = [...new Set(results.map(({ scenario }) => scenario.name))];
  const given = process.argv.slice(2).filter((word) => word !== '--record');
  const words = earlier.length > 0 ? ['--only', played.join(',')] : given;
  const command = ['npm run chaos', ...(words.length > 0 ? ['--', ...words] : [])].join(' ');
  const record = {
    harness: 'chaos',
    command,
    at: new Date().toISOString(),
    seconds,
    machine: machineLine(),
    figures: figuresOf(results),
  } as const;
  console.error(`Kept in ${writeRunRecord(record)}`);
}
process.exitCode = broken.length === 0 ? 0 : 1;
