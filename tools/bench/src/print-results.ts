import Table from 'cli-table3';

import { judgedRounds } from './clean-rounds.js';
import { foreignCoresMax, isClean } from './foreign-load.js';
import { cpuMicrosPerEvent, rateOf, type Measurement } from './measurement.js';
import {
  subjectName,
  type Comparison,
  type Compared,
  type Durability,
  type Figure,
  type Figures,
  type RowResult,
} from './row.js';
import { median, type Spread } from './statistics.js';

export type NamedResult = RowResult & { readonly name: string; readonly title: string };
export type NamedComparison = Comparison & NamedResult;
export type NamedFigures = Figures & NamedResult;

export const whole = (value: number): string => Math.round(value).toLocaleString('en-US');
const style = { head: [], border: [], compact: true };

export const isComparison = (result: NamedResult): result is NamedComparison => result.kind === 'comparison';
export const isFigures = (result: NamedResult): result is NamedFigures => result.kind === 'figures';

export interface PrintOptions {
  /** Whether it is said of each aim if it was met. */
  readonly judged: boolean;
}

/** The tables at the end, and beneath them what each row compares. */
export function resultsText(results: readonly NamedResult[], options: PrintOptions): string {
  const compared = results.filter(isComparison);
  const figured = results.filter(isFigures);
  return [
    ...(compared.length > 0 ? [comparisonTable(compared, options)] : []),
    ...(figured.length > 0 ? [figuresTable(figured, options)] : []),
    'Medians over the rounds; a ratio is that of one round, Ringside by the other, with its least and greatest.',
    `CPU is user and system time of the measured processes, all threads. A round is clean where others took at most ${foreignCoresMax.toFixed(2)} cores.`,
    'The bench ends without figures where a count is wrong.',
    ...(options.judged ? [] : ['A quick run judges no times: its rounds are few and short.']),
    ...results.map(noteOf),
  ].join('\n');
}

/** Those that promise the most first: only within one class a comparison is fair. */
export const byDurability = (others: readonly Compared[]): readonly Compared[] =>
  (['flushed', 'flushed later', 'not kept'] satisfies Durability[]).flatMap((one) =>
    others.filter(({ durability }) => durability === one),
  );

export function medianOf({ rounds }: Comparison, name: string, figure: (measurement: Measurement) => number): number {
  return median(judgedRounds(rounds).map(({ measurements }) => figure(measurements[name]!)));
}

export const ratioText = (ratio: number): string => (ratio < 10 ? ratio.toFixed(2) : ratio.toFixed(1));
export const spreadText = ({ min, max }: Pick<Spread, 'min' | 'max'>, text = ratioText): string => `${text(min)}..${text(max)}`;

/** How many of a result's rounds were clean: "5/7"; empty where that was not looked at. */
export function cleanText(result: NamedResult): string {
  const cores = isComparison(result)
    ? result.rounds.map((round) => round.foreignCores)
    : isFigures(result)
      ? result.foreignCores
      : [];
  return cores === undefined || cores.length === 0 ? '' : `${cores.filter(isClean).length}/${cores.length}`;
}

function comparisonTable(results: readonly NamedComparison[], { judged }: PrintOptions): string {
  const head = ['row', 'who', 'durable', 'per second', 'µs CPU', 'ratio', 'min..max', 'aim', '', 'clean'];
  const colAligns = head.map((_, i) => ([0, 1, 2, 8].includes(i) ? ('left' as const) : ('right' as const)));
  const table = new Table({ head, colAligns, style });
  for (const result of results) {
    const figuresOf = (name: string): readonly string[] =>
      [rateOf, cpuMicrosPerEvent].map((figure) => whole(medianOf(result, name, figure)));
    table.push([result.name, 'Ringside', result.durability, ...figuresOf(subjectName), '', '', '', '', cleanText(result)]);
    for (const { name, durability, ratio, aimRatioMin: aim } of byDurability(result.others)) {
      const verdict = aim === undefined || !judged ? '' : ratio.median >= aim ? 'met' : 'missed';
      const aimed = aim === undefined ? '' : `≥ ${aim}`;
      table.push(['', name, durability, ...figuresOf(name), ratioText(ratio.median), spreadText(ratio), aimed, verdict, '']);
    }
  }
  return table.toString();
}

function figuresTable(results: readonly NamedFigures[], { judged }: PrintOptions): string {
  const table = new Table({
    head: ['row', 'figure', 'value', 'unit', 'min..max', 'aim', '', 'clean'],
    colAligns: ['left', 'left', 'right', 'left', 'right', 'right', 'left', 'right'],
    style,
  });
  for (const result of results) {
    for (const figure of result.figures) {
      const { name, value, unit, spread } = figure;
      const met = isMet(figure);
      const verdict = met === undefined || !judged ? '' : met ? 'met' : 'missed';
      const range = spread === undefined ? '' : spreadText(spread, valueText);
      table.push([result.name, name, valueText(value), unit, range, aimText(figure), verdict, cleanText(result)]);
    }
  }
  return table.toString();
}

export const valueText = (value: number): string =>
  Math.abs(value) >= 100 ? whole(value) : String(Number(value.toPrecision(3)));

export const aimText = ({ aimMax, aimMin }: Figure): string =>
  aimMax !== undefined ? `≤ ${valueText(aimMax)}` : aimMin !== undefined ? `≥ ${valueText(aimMin)}` : '';

/** Undefined where there is no aim. */
export const isMet = ({ value, aimMax, aimMin }: Figure): boolean | undefined =>
  aimMax !== undefined ? value <= aimMax : aimMin !== undefined ? value >= aimMin : undefined;

function noteOf(result: NamedResult): string {
  const { name, title } = result;
  if (result.kind === 'skipped') return `${name}: skipped: ${result.why}`;
  if (result.kind === 'figures') return `${name}: ${title}. ${result.how}`;
  const others = byDurability(result.others);
  const noted = [{ name: 'ringside', is: result.subjectIs }, ...others].map((one) => `  ${whoIs(one)}.`);
  return [`${name}: ${title}.`, ...noted].join('\n');
}

const whoIs = ({ name, version, is }: { readonly name: string; readonly version?: string; readonly is: string }): string =>
  `${name}${version === undefined ? '' : ` (${version})`}: ${is}`;
