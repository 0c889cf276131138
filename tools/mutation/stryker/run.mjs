/*
 * Mutates one library, from the project's root: node run.mjs '{"folder":"libs/core","output":".cache/mutation/core","fresh":false}'
 * A process of its own, for Stryker keeps processes and files beside itself that are to end with it.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { Stryker } from '@stryker-mutator/core';

/** `files`: those of the library that are mutated; all where absent. */
const { folder, output, fresh, files = 'src/**/*.ts' } = JSON.parse(process.argv[2]);

/** Below 85 % the run has failed; the caller judges all libraries together, and prints them. */
const thresholds = { high: 95, low: 85, break: null };

/** Specs of a library that stand in another one, which the library itself cannot import. */
const elsewhere = { 'libs/events': ['libs/testing/src/contract.properties.spec.ts'] };

/** What is loaded anew with a library: itself, and what depends on it. For these two that is everything. */
const renewed = { 'libs/core': [''], 'libs/events': [''] }[folder] ?? [folder];

const specs = readdirSync(join(folder, 'src'), { recursive: true })
  .filter((name) => name.endsWith('.spec.ts'))
  .map((name) => join(folder, 'src', name))
  .concat(elsewhere[folder] ?? [])
  .sort()
  // Last those that take longest.
  .sort((a, b) => Number(a.endsWith('.properties.spec.ts')) - Number(b.endsWith('.properties.spec.ts')));

/** What earlier runs found, for the mutants whose source and whose killers are as they were. */
const incrementalFile = join(output, 'incremental.json');

/** Stryker tries survivors again that a new spec runs. It cannot tell for those of what is done while a module is loaded. */
function forgetSurvivors() {
  const report = JSON.parse(readFileSync(incrementalFile, 'utf8'));
  for (const file of Object.values(report.files))
    file.mutants = file.mutants.filter((one) => one.static !== true || one.status === 'Killed' || one.status === 'Timeout');
  writeFileSync(incrementalFile, JSON.stringify(report));
}

mkdirSync(output, { recursive: true });
if (fresh) rmSync(incrementalFile, { force: true });
else if (existsSync(incrementalFile)) forgetSurvivors();

await new Stryker({
  // Sources only: not what stands beside specs for their use, nor files that name what others export.
  mutate: [`${folder}/${files}`, `!${folder}/src/**/*.{spec,type-test,fixture}.ts`, `!${folder}/src/index.ts`],
  testRunner: 'in-process',
  plugins: [fileURLToPath(new URL('plugin.mjs', import.meta.url))],
  ignorers: ['prose'],
  inProcess: { specs, renewed },
  coverageAnalysis: 'perTest',
  concurrency: 1,
  // Modules that were loaded anew for a mutant stay in memory until their process ends.
  maxTestRunnerReuse: 150,
  // Loops without end are mostly found by counting. A busy machine must not pass for a mutant that hangs.
  timeoutMS: 20_000,
  timeoutFactor: 4,
  incremental: true,
  incrementalFile,
  tempDirName: join(output, 'sandbox'),
  ignorePatterns: [
    '/apps',
    '/docs',
    '/docker',
    '/e2e',
    '/data',
    'dist',
    '.cache',
    '.nx',
    '.git',
    '/tools/bench',
    '/tools/mutation',
  ],
  disableTypeChecks: false,
  reporters: ['json', 'html', 'progress-append-only'],
  jsonReporter: { fileName: join(output, 'mutation.json') },
  htmlReporter: { fileName: join(output, 'mutation.html') },
  warnings: { unknownOptions: false, slow: false },
  allowConsoleColors: false,
  logLevel: 'info',
  fileLogLevel: 'off',
  thresholds,
  checkers: [],
  cleanTempDir: 'always',
  allowEmpty: false,
}).runMutationTest();
