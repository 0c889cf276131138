import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describeMachine, machineLine } from './machine.js';
import { readOptions } from './options.js';
import { resultsText, type NamedResult } from './print-results.js';
import type { BenchContext, BenchRow } from './row.js';
import { append } from './rows/append.js';
import { idle } from './rows/idle.js';
import { intake } from './rows/intake.js';
import { latency } from './rows/latency.js';
import { projection } from './rows/projection.js';
import { manyWriters } from './rows/writers.js';

const rows: readonly BenchRow[] = [append, intake, projection, latency, idle, manyWriters];

const options = readOptions(process.argv, rows);
const scratch = mkdtempSync(join(tmpdir(), 'ringside-bench-'));
process.once('exit', () => rmSync(scratch, { recursive: true, force: true }));
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));

let directories = 0;
const context: BenchContext = {
  quick: options.quick,
  rounds: options.rounds,
  newDirectory: () => mkdtempSync(join(scratch, `${++directories}-`)),
  profileDirectory: options.profile,
  say: (line) => console.error(`  ${line}`),
};

try {
  const machine = describeMachine();
  console.log(machineLine(machine));
  const results: NamedResult[] = [];
  for (const { name, title, run } of rows.filter((row) => options.only?.includes(row.name) ?? true)) {
    console.error(`${name}: ${title}`);
    results.push({ name, title, ...(await run(context)) });
  }
  console.log(resultsText(results));
  const report = { machine, quick: options.quick, at: new Date().toISOString(), results };
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`);
} catch (error) {
  console.error(`bench: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1); // with whatever processes a row had started
}
