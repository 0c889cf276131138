import Table from 'cli-table3';

import { cpuMicrosPerEvent, rateOf, type Measurement } from './measurement.js';
import type { Comparison, Figure, Figures, RowResult } from './row.js';
import { median } from './statistics.js';

export type NamedResult = RowResult & { readonly name: string; readonly title: string };

const whole = (value: number): string => Math.round(value).toLocaleString('en-US');
const style = { head: [], border: [], compact: true };

/** The tables at the end, and beneath them what each row compares. */
export function resultsText(results: readonly NamedResult[]): string {
  const compared = results.filter((result): result is Comparison & NamedResult => result.kind === 'comparison');
  const figured = results.filter((result): result is Figures & NamedResult => result.kind === 'figures');
  return [
    ...(compared.length > 0 ? [comparisonTable(compared)] : []),
    ...(figured.length > 0 ? [figuresTable(figured)] : []),
    'Medians over the rounds; a ratio is that of one round, subject by floor, with its least and greatest.',
    'CPU is user and system time of the measured process, all threads. The bench ends without figures where a count is wrong.',
    ...results.map(noteOf),
  ].join('\n');
}

function comparisonTable(results: readonly (Comparison & NamedResult)[]): string {
  const head = ['row', 'floor /s', 'subject /s', 'ratio', 'min..max', 'aim', '', 'floor µs CPU', 'subject µs CPU'];
  const colAligns = head.map((_, i) => (i === 0 || i === 6 ? ('left' as const) : ('right' as const)));
  const table = new Table({ head, colAligns, style });
  for (const { name, rounds, ratio, aimRatioMin } of results) {
    const of = (which: 'floor' | 'subject', figure: (measurement: Measurement) => number): string =>
      whole(median(rounds.map((round) => figure(round[which]))));
    table.push([
      name,
      of('floor', rateOf),
      of('subject', rateOf),
      ratio.median.toFixed(2),
      `${ratio.min.toFixed(2)}..${ratio.max.toFixed(2)}`,
      `≥ ${aimRatioMin}`,
      ratio.median >= aimRatioMin ? 'met' : 'missed',
      of('floor', cpuMicrosPerEvent),
      of('subject', cpuMicrosPerEvent),
    ]);
  }
  return table.toString();
}

function figuresTable(results: readonly (Figures & NamedResult)[]): string {
  const table = new Table({
    head: ['row', 'figure', 'value', 'unit', 'aim', ''],
    colAligns: ['left', 'left', 'right', 'left', 'right', 'left'],
    style,
  });
  for (const { name, figures } of results) {
    for (const figure of figures) table.push([name, figure.name, valueText(figure.value), figure.unit, ...aimText(figure)]);
  }
  return table.toString();
}

const valueText = (value: number): string => (Math.abs(value) >= 100 ? whole(value) : String(Number(value.toPrecision(3))));

const aimText = ({ value, aimMax }: Figure): readonly [string, string] =>
  aimMax === undefined ? ['', ''] : [`≤ ${valueText(aimMax)}`, value <= aimMax ? 'met' : 'missed'];

function noteOf(result: NamedResult): string {
  const { name, title } = result;
  if (result.kind === 'skipped') return `${name}: skipped: ${result.why}`;
  if (result.kind === 'figures') return `${name}: ${title}. ${result.how}`;
  return `${name}: ${title}.\n  floor:   ${result.floorIs}.\n  subject: ${result.subjectIs}.`;
}
