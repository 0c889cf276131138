import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describeMachine, machineLine } from './machine.js';
import { readOptions } from './options.js';
import { resultsText, type NamedResult } from './print-results.js';
import { ringServersIn } from './ring-servers.js';
import type { BenchContext, BenchRow } from './row.js';
import { append } from './rows/append.js';
import { commands } from './rows/commands.js';
import { growth } from './rows/growth.js';
import { idle } from './rows/idle.js';
import { intake } from './rows/intake.js';
import { latency } from './rows/latency.js';
import { projection } from './rows/projection.js';
import { queries } from './rows/queries.js';
import { ringAppend } from './rows/ring-append.js';
import { ringCommands } from './rows/ring-commands.js';
import { ringConsume } from './rows/ring-consume.js';
import { ringLatency } from './rows/ring-latency.js';
import { ringWrite } from './rows/ring-write.js';
import { manyWriters } from './rows/writers.js';

const rows: readonly BenchRow[] = [append, intake, projection, commands, latency, idle, manyWriters, queries, growth];
const rowsOnRing: readonly BenchRow[] = [ringAppend, ringConsume, ringWrite, ringCommands, ringLatency];

const options = readOptions(process.argv, rows, rowsOnRing);
const scratch = mkdtempSync(join(tmpdir(), 'ringside-bench-'));
process.once('exit', () => rmSync(scratch, { recursive: true, force: true }));
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));

/** Those that were named; else those on real servers where there are any, and those without where not. */
const isChosen = (row: BenchRow): boolean =>
  options.only?.includes(row.name) ?? rowsOnRing.includes(row) === (options.ring !== undefined);

let directories = 0;

try {
  const context: BenchContext = {
    quick: options.quick,
    rounds: options.rounds,
    repeatsMax: options.quick ? 0 : options.rounds,
    ownProcesses: [],
    sizes: options.sizes,
    sizesAreAsked: options.sizesAreAsked,
    newDirectory: () => mkdtempSync(join(scratch, `${++directories}-`)),
    ring: options.ring === undefined ? undefined : ringServersIn(options.ring),
    profileDirectory: options.profile,
    say: (line) => console.error(`  ${line}`),
  };
  const machine = describeMachine();
  console.log(machineLine(machine));
  const results: NamedResult[] = [];
  for (const { name, title, run } of [...rows, ...rowsOnRing].filter(isChosen)) {
    console.error(`${name}: ${title}`);
    results.push({ name, title, ...(await run(context)) });
  }
  console.log(resultsText(results, { judged: !options.quick }));
  const report = { machine, quick: options.quick, at: new Date().toISOString(), results };
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`);
} catch (error) {
  console.error(`bench: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1); // with whatever processes a row had started
}
