import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readEarlierRun } from '@ringside/promises';

import { rows, rowsOnRing, rowsWithPeers } from './bench-rows.js';
import { htmlReport } from './html-report.js';
import { describeMachine, machineLine } from './machine.js';
import { chosenOf, readOptions, type Options } from './options.js';
import { resultsText } from './print-results.js';
import { promisesOf } from './promises-kept.js';
import { recordRun } from './recorded-rows.js';
import type { NamedResult } from './results-in-words.js';
import { ringServersIn } from './ring-servers.js';
import type { BenchContext, BenchRow } from './row.js';
import { isRunReport, type RunReport } from './run-report.js';

/** Later than that, in minutes since the start, no round is repeated: the full run is to end within forty. One with sizes of its own has no end. */
const repeatMinutesMax = 34;

const there = { rows, rowsWithPeers, rowsOnRing };
const allRows = [...rows, ...rowsWithPeers, ...rowsOnRing];
const namesOf = (some: readonly BenchRow[]): readonly string[] => some.map(({ name }) => name);
const options = readOptions(process.argv, process.env, there);
const scratch = mkdtempSync(join(tmpdir(), 'ringside-bench-'));
process.once('exit', () => rmSync(scratch, { recursive: true, force: true }));
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));

try {
  const report = options.from === undefined ? await measure() : readEarlierRun(options.from, isRunReport);
  const judged = !report.quick;
  console.log(resultsText(report.results, { judged }));
  keep(report);
  if (options.html !== undefined) writeFileSync(options.html, htmlReport(report));
  if (options.record) recordRun(report, namesOf(allRows));
  const missed = promisesOf(report.results, { judged }).filter(({ kept }) => kept === false);
  for (const { promise, aim, figure } of missed) console.error(`missed: ${promise}: ${figure}, aim ${aim}`);
  if (missed.length > 0) process.exitCode = 1;
} catch (error) {
  console.error(`bench: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1); // with whatever processes a row had started
}

async function measure(): Promise<RunReport> {
  const startedAt = performance.now();
  const machine = describeMachine();
  console.log(machineLine(machine));
  const context = contextOf(options);
  const results: NamedResult[] = [];
  const reportNow = (): RunReport => {
    const seconds = (performance.now() - startedAt) / 1_000;
    const { quick, rounds, profile } = options;
    const about = { quick, rounds, profiled: profile !== undefined, command: commandLine() };
    return { machine, ...about, at: new Date().toISOString(), seconds, results };
  };
  for (const { name, title, run } of chosenOf(options, there)) {
    console.error(`${name}: ${title}`);
    const rowStartedAt = performance.now();
    results.push({ name, title, ...(await run(context)) });
    context.say(`${((performance.now() - rowStartedAt) / 1_000).toFixed(0)} s in all`);
    keep(reportNow()); // so that a row that fails takes nothing from those before it
  }
  return reportNow();
}

function keep(report: RunReport): void {
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`);
}

function contextOf({ quick, rounds, sizes, sizesAreAsked, sites, ring: ringDirectory, profile }: Options): BenchContext {
  const ring = ringDirectory === undefined ? undefined : ringServersIn(ringDirectory);
  let directories = 0;
  return {
    ...{ quick, rounds, sizes, sizesAreAsked },
    repeatsMax: quick ? 0 : rounds,
    hasTime: () => sizesAreAsked || performance.now() < repeatMinutesMax * 60_000,
    ownProcesses: ring?.pids ?? [],
    sitesDirectory: sites,
    newDirectory: () => mkdtempSync(join(scratch, `${++directories}-`)),
    ring,
    profileDirectory: profile,
    say: (line) => console.error(`  ${line}`),
  };
}

/** As a user types it, without where its results go. */
function commandLine(): string {
  const given = process.argv.slice(2);
  const shown = given.filter(
    (arg, i) => !/^--(json|html|record|profile|sites)/.test(arg) && !/^--(json|html|profile|sites)$/.test(given[i - 1] ?? ''),
  );
  return ['npm run bench', ...(shown.length > 0 ? ['--', ...shown] : [])].join(' ');
}
