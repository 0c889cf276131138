import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { writeRunRecord, type Run } from '@ringside/promises';

import { tablesOf } from './benchmarks-tables.js';
import { cleanRoundsMin } from './clean-rounds.js';
import { machineLine } from './machine.js';
import { promisesOf } from './promises-kept.js';
import type { NamedResult } from './results-in-words.js';
import type { RunReport } from './run-report.js';

/** The last kept result of a row, and the run that it is of. */
export interface RecordedRow extends Run {
  readonly result: NamedResult;
}

/** By the names of rows. */
export type RecordedRows = Readonly<Record<string, RecordedRow>>;

const docs = resolve(import.meta.dirname, '../../../docs');
const rowsFile = join(docs, 'benchmarks.json');
const pageFile = join(docs, 'benchmarks.md');
const [begin, end] = ['<!-- figures: written by npm run bench -- --record -->', '<!-- end of the figures -->'];

/**
 * Keeps the rows of a run in docs/benchmarks.json, each in place of the one before it, and writes what follows from all that are
 * kept: the tables of docs/benchmarks.md, and the record for docs/promises.md. `order`: of the rows. Throws where the run is none to
 * be kept.
 */
export function recordRun(report: RunReport, order: readonly string[]): void {
  const reason = notKeptFor(report);
  if (reason !== undefined) throw new Error(`This run is not kept: ${reason}.`);
  const before = existsSync(rowsFile) ? (JSON.parse(readFileSync(rowsFile, 'utf8')) as RecordedRows) : {};
  const machine = machineLine(report.machine); // of the run, which with --from may have been another one's
  const rows = withRun(before, { ...report, machineText: machine }, order);
  writeFileSync(rowsFile, `${JSON.stringify(rows, null, 1)}\n`);
  writeFileSync(pageFile, withTables(readFileSync(pageFile, 'utf8'), tablesOf(Object.values(rows))));
  const results = Object.values(rows).map(({ result }) => result);
  const { command, at, seconds } = report;
  const figures = promisesOf(results, { judged: true });
  writeRunRecord({ harness: 'bench', command, at, seconds, machine, runs: runsOf(rows), figures });
}

/** Why figures of a run say too little to be kept; undefined where they do not. */
export function notKeptFor({ quick, rounds = cleanRoundsMin, profiled = false, results }: RunReport): string | undefined {
  if (quick) return 'it was quick, with few and short rounds';
  if (profiled) return 'its subjects wrote profiles';
  if (rounds < cleanRoundsMin) return `it had fewer than ${cleanRoundsMin} rounds`;
  return results.some(({ kind }) => kind !== 'skipped') ? undefined : 'no row was measured';
}

/** The runs that kept rows are of, each once. */
export function runsOf(rows: RecordedRows): readonly Run[] {
  const runs = Object.values(rows).map(({ command, at, machine }): [string, Run] => [at, { command, at, machine }]);
  return [...new Map(runs).values()];
}

/** The kept rows with those of a run; a row that was skipped takes no place. */
export function withRun(
  before: RecordedRows,
  { results, command, at, machineText: machine }: RunReport & { readonly machineText: string },
  order: readonly string[],
): RecordedRows {
  const measured = results.filter(({ kind }) => kind !== 'skipped');
  const all = { ...before, ...Object.fromEntries(measured.map((result) => [result.name, { result, command, at, machine }])) };
  return Object.fromEntries(order.filter((name) => name in all).map((name) => [name, all[name]!]));
}

/** The page with other tables between its marks. */
export function withTables(page: string, tables: string): string {
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/benchmarks.md has no place for the figures: ${begin} and ${end}.`);
  return `${page.slice(0, from + begin.length)}\n\n${tables}\n\n${page.slice(to)}`;
}
