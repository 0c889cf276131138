import Table from 'cli-table3';

import { gridOf } from './figure-grid.js';
import {
  aimText,
  cleanText,
  comparisonLines,
  isComparison,
  isFigures,
  isMet,
  roundsNote,
  spreadText,
  subjectTitle,
  valueText,
  whoIsWho,
  whole,
  type NamedComparison,
  type NamedFigures,
  type NamedResult,
} from './results-in-words.js';

const style = { head: [], border: [], compact: true };

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
    ...figured.flatMap(gridTable),
    ...(figured.some(({ figures }) => figures.some(({ at }) => at === undefined)) ? [figuresTable(figured, options)] : []),
    roundsNote,
    ...(options.judged ? [] : ['A quick run judges no times: its rounds are few and short.']),
    ...results.map(noteOf),
  ].join('\n');
}

const verdictOf = (met: boolean | undefined, { judged }: PrintOptions): string =>
  met === undefined || !judged ? '' : met ? 'met' : 'missed';

function comparisonTable(results: readonly NamedComparison[], options: PrintOptions): string {
  const head = ['row', 'who', 'durable', 'per second', 'µs CPU', 'ratio', 'min..max', 'aim', '', 'clean'];
  const colAligns = head.map((_, i) => ([0, 1, 2, 8].includes(i) ? ('left' as const) : ('right' as const)));
  const table = new Table({ head, colAligns, style });
  for (const result of results) {
    for (const { who, durability, rate, cpu, ratio, spread, aim, met } of comparisonLines(result)) {
      const isFirst = who === subjectTitle;
      const [row, clean] = isFirst ? [result.name, cleanText(result)] : ['', ''];
      table.push([row, who, durability, rate, cpu, ratio, spread, aim, verdictOf(met, options), clean]);
    }
  }
  return table.toString();
}

/** What was measured at several numbers of something: a column for each. */
function gridTable(result: NamedFigures): readonly string[] {
  const { columns, lines } = gridOf(result.figures);
  if (columns.length === 0) return [];
  const head = [`${result.name}, by ${result.atIs ?? 'number'}`, ...columns.map(whole), 'unit', 'aim', 'clean'];
  const colAligns = head.map((_, i) => (i === 0 || i === columns.length + 1 ? ('left' as const) : ('right' as const)));
  const table = new Table({ head, colAligns, style });
  for (const { name, unit, cells } of lines) {
    const aim = cells.find((cell) => cell !== undefined && aimText(cell) !== '');
    const texts = cells.map((cell) => (cell === undefined ? '' : valueText(cell.value)));
    table.push([name, ...texts, unit, aim === undefined ? '' : aimText(aim), cleanText(result)]);
  }
  return [table.toString()];
}

function figuresTable(results: readonly NamedFigures[], options: PrintOptions): string {
  const table = new Table({
    head: ['row', 'figure', 'value', 'unit', 'min..max', 'aim', '', 'clean'],
    colAligns: ['left', 'left', 'right', 'left', 'right', 'right', 'left', 'right'],
    style,
  });
  for (const result of results) {
    for (const figure of result.figures.filter(({ at }) => at === undefined)) {
      const { name, value, unit, spread } = figure;
      const range = spread === undefined ? '' : spreadText(spread, valueText);
      const verdict = verdictOf(isMet(figure), options);
      table.push([result.name, name, valueText(value), unit, range, aimText(figure), verdict, cleanText(result)]);
    }
  }
  return table.toString();
}

function noteOf(result: NamedResult): string {
  const { name, title } = result;
  if (result.kind === 'skipped') return `${name}: skipped: ${result.why}`;
  if (result.kind === 'figures') return `${name}: ${title}. ${result.how}`;
  return [`${name}: ${title}.`, ...whoIsWho(result).map((one) => `  ${one.name}: ${one.is}.`)].join('\n');
}
