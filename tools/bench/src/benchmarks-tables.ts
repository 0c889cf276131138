import { gridOf } from './figure-grid.js';
import type { RecordedRow } from './recorded-rows.js';
import {
  aimText,
  cleanText,
  comparisonLines,
  isComparison,
  isDisturbed,
  isFigures,
  isMet,
  spreadText,
  valueText,
  whoIsWho,
  whole,
  type NamedComparison,
  type NamedFigures,
} from './results-in-words.js';
import type { Figure } from './row.js';

/** The tables of docs/benchmarks.md: each row with the day of its run, what it ran on, and whether others were at work meanwhile. */
export const tablesOf = (rows: readonly RecordedRow[]): string => rows.map(sectionOf).join('\n\n');

function sectionOf({ result, command, at, machine }: RecordedRow): string {
  const load = isDisturbed(result)
    ? '. **Others were at work meanwhile**: rates say little then, and ratios are to be compared'
    : '';
  const clean = cleanText(result);
  const run = `\`${command}\` on ${at.slice(0, 10)}; ${machine}${clean === '' ? '' : `; ${clean} rounds clean`}${load}.`;
  const tables = isComparison(result) ? comparisonOf(result) : isFigures(result) ? figuresOf(result) : [];
  return [`### ${result.name}`, `${sentence(result.title)}.`, run, ...tables].join('\n\n');
}

function comparisonOf(result: NamedComparison): readonly string[] {
  const lines = comparisonLines(result).map(({ who, durability, rate, cpu, ratio, spread, aim, met }) => [
    ...[who, durability, rate, cpu, ratio, spread, aim],
    verdict(met),
  ]);
  const head = ['who', 'durable', `${result.counted} per second`, 'µs CPU each', 'Ringside is', 'least..greatest', 'aim', ''];
  return [
    tableOf(head, lines, [2, 3, 4, 5, 6]),
    whoIsWho(result)
      .map(({ name, is }) => `- **${name}**: ${is}.`)
      .join('\n'),
  ];
}

function figuresOf({ figures, atIs = '', how }: NamedFigures): readonly string[] {
  const { columns, lines } = gridOf(figures);
  const cell = (figure: Figure | undefined): string =>
    figure === undefined ? '' : [valueText(figure.value), verdict(isMet(figure))].filter((text) => text !== '').join(' ');
  const grid = lines.map(({ name, unit, cells }) => {
    const aim = cells.map((one) => (one === undefined ? '' : aimText(one))).find((text) => text !== '') ?? '';
    return [name, unit, ...cells.map(cell), aim];
  });
  const single = figures
    .filter(({ at }) => at === undefined)
    .map((figure) => {
      const { name, value, unit, spread } = figure;
      const range = spread === undefined ? '' : spreadText(spread, valueText);
      return [name, unit, valueText(value), range, aimText(figure), verdict(isMet(figure))];
    });
  const gridHead = ['', 'unit', ...columns.map((at) => `${whole(at)} ${atIs}`), 'aim'];
  return [
    ...(columns.length > 0 ? [tableOf(gridHead, grid, [...columns.map((_, i) => i + 2), columns.length + 2])] : []),
    ...(single.length > 0 ? [tableOf(['', 'unit', 'value', 'least..greatest', 'aim', ''], single, [2, 3, 4])] : []),
    `${how}.`,
  ];
}

const verdict = (met: boolean | undefined): string => (met === undefined ? '' : met ? 'met' : '**missed**');
const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** As prettier lays tables out; `right`: the columns of numbers. */
function tableOf(head: readonly string[], lines: readonly (readonly string[])[], right: readonly number[]): string {
  const rows = [head, ...lines].map((row) => row.map((text) => text.replaceAll('|', '\\|')));
  const widths = head.map((_, i) => Math.max(3, ...rows.map((row) => row[i]!.length)));
  const isRight = (i: number): boolean => right.includes(i);
  const line = (row: readonly string[]): string =>
    `| ${row.map((text, i) => (isRight(i) ? text.padStart(widths[i]!) : text.padEnd(widths[i]!))).join(' | ')} |`;
  const rule = `| ${widths.map((width, i) => (isRight(i) ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width))).join(' | ')} |`;
  return [line(rows[0]!), rule, ...rows.slice(1).map(line)].join('\n');
}
