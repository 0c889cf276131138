import { writeFileSync } from 'node:fs';

import { StartupError } from '@ringside/core';
import { machineLine, writeRunRecord } from '@ringside/promises';

import { figuresOf, isKept, tableOf, type Judged } from './figures.js';
import { readOptions } from './options.js';
import { countsOf, survivorsOf } from './outcome.js';
import { installStryker, mutate, stop } from './stryker.js';

const options = readOptions(process.argv, process.env);
const started = performance.now();
const secondsSince = (from: number): number => Math.round((performance.now() - from) / 1_000);

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  process.once(signal, () => {
    stop();
    process.exit(code); // a part of a run is neither judged nor kept
  });
}

try {
  await installStryker();
  const judged: Judged[] = [];
  for (const library of options.only) {
    const from = performance.now();
    console.error(`Mutating ${library}`);
    const report = await mutate(library, options.fresh);
    judged.push({ library, ...countsOf(report), seconds: secondsSince(from) });
    if (options.survivors) for (const line of survivorsOf(report)) console.log(line);
  }
  console.log(tableOf(judged));
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(judged, null, 2)}\n`);
  if (options.record) {
    const command = 'npm run mutation -- --record';
    const [at, seconds] = [new Date().toISOString(), secondsSince(started)];
    writeRunRecord({ harness: 'mutation', command, at, seconds, machine: machineLine(), figures: figuresOf(judged) });
  }
  if (!judged.every(isKept)) process.exitCode = 1;
} catch (error) {
  console.error(error instanceof StartupError ? error.message : error);
  process.exitCode = 1;
}
