import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { machineLine, writeRunRecord } from '@ringside/promises';

import { tablesOf } from './benchmarks-tables.js';
import { promisesOf } from './promises-kept.js';
import type { NamedResult } from './results-in-words.js';
import type { RunReport } from './run-report.js';

/** The last kept result of a row, and the run that it is of. */
export interface RecordedRow {
  readonly result: NamedResult;
  readonly command: string;
  /** When the run ended, as an ISO date-time. */
  readonly at: string;
  readonly machine: string;
}

/** By the names of rows. */
export type RecordedRows = Readonly<Record<string, RecordedRow>>;

const docs = resolve(import.meta.dirname, '../../../docs');
const rowsFile = join(docs, 'benchmarks.json');
const pageFile = join(docs, 'benchmarks.md');
const [begin, end] = ['<!-- figures: written by npm run bench -- --record -->', '<!-- end of the figures -->'];

/**
 * Keeps the rows of a run in docs/benchmarks.json, each in place of the one before it, and writes what follows from all that are
 * kept: the tables of docs/benchmarks.md, and the record for docs/promises.md. `order`: of the rows.
 */
export function recordRun(report: RunReport, order: readonly string[]): void {
  const before = existsSync(rowsFile) ? (JSON.parse(readFileSync(rowsFile, 'utf8')) as RecordedRows) : {};
  const rows = withRun(before, { ...report, machineText: machineLine() }, order);
  writeFileSync(rowsFile, `${JSON.stringify(rows, null, 1)}\n`);
  writeFileSync(pageFile, withTables(readFileSync(pageFile, 'utf8'), tablesOf(Object.values(rows))));
  const results = Object.values(rows).map(({ result }) => result);
  const { command, at, seconds } = report;
  const figures = promisesOf(results, { judged: true });
  writeRunRecord({ harness: 'bench', command, at, seconds, machine: machineLine(), figures });
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
