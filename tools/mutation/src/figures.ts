import type { PromiseFigure } from '@ringside/promises';

import { libraries, scoreMin, type Library } from './libraries.js';
import type { Counts } from './outcome.js';

export interface Judged extends Counts {
  readonly library: Library;
  readonly seconds: number;
}

export const isKept = ({ score }: Counts): boolean => score >= scoreMin;

const percent = (score: number): string => `${(Math.floor(score * 10) / 10).toFixed(1)} %`;
const number = (count: number): string => count.toLocaleString('en-US');

/** One line for each library, with a head. */
export function tableOf(judged: readonly Judged[]): string {
  const rows = [
    ['library', 'mutants', 'killed', 'timed out', 'survived', 'no spec', 'left alone', 'score', 'seconds'],
    ...judged.map(({ library, mutants, killed, timeout, survived, noCoverage, ignored, score, seconds }) => [
      ...[library, ...[mutants, killed, timeout, survived, noCoverage, ignored].map(number)],
      ...[percent(score), number(seconds)],
    ]),
  ];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const line = (row: readonly string[]): string =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join('  ');
  return rows.map(line).join('\n');
}

export const figuresOf = (judged: readonly Judged[]): readonly PromiseFigure[] =>
  judged.map((one) => ({
    promise: `The specs of ${libraries[one.library]} notice when its logic changes.`,
    how: 'Stryker changes the code in one place after the other and runs the specs that concern it: one of them must fail.',
    aim: `at least ${scoreMin} % of the changes`,
    figure:
      `${percent(one.score)}: of ${number(one.mutants)} changes ${number(one.killed + one.timeout)} were noticed, ` +
      `${number(one.survived + one.noCoverage)} were not`,
    kept: isKept(one),
  }));
