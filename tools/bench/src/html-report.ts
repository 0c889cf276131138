import { readFileSync } from 'node:fs';

import { gridOf } from './figure-grid.js';
import { machineLine } from './machine.js';
import { chartsOf, type Chart } from './plot-data.js';
import {
  aimText,
  cleanText,
  comparisonLines,
  isComparison,
  isFigures,
  isMet,
  roundsNote,
  spreadText,
  valueText,
  whoIsWho,
  whole,
  type NamedFigures,
  type NamedResult,
} from './results-in-words.js';
import type { Figure } from './row.js';
import type { RunReport } from './run-report.js';

const asset = (url: URL | string): string => readFileSync(new URL(url), 'utf8');
/** The package exports its scripts only as modules: the one for pages lies beside them. */
const ofUPlot = (name: string): string => asset(new URL(name, import.meta.resolve('uplot')));
const ofReport = (name: string): string => asset(new URL(`../report/${name}`, import.meta.url));

/** A page that needs nothing but itself: tables of all figures, and plots that uPlot draws. */
export function htmlReport(report: RunReport): string {
  const { results, machine, quick, at, seconds, command } = report;
  const charts = chartsOf(results);
  const placed = charts.map((chart, i) => ({ chart, i }));
  const chartsIn = (row: string | undefined): string =>
    placed
      .filter(({ chart }) => chart.row === row)
      .map(({ chart, i }) => placeOf(chart, i))
      .join('\n');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Ringside, measured</title>
<style>${ofUPlot('uPlot.min.css')}${ofReport('report.css')}</style>
</head>
<body>
<h1>Ringside, measured</h1>
<p class="about"><code>${escaped(command)}</code>, ${escaped(at.slice(0, 16).replace('T', ' '))} UTC, ${Math.round(seconds / 60)} min.<br>${escaped(machineLine(machine))}.</p>
<p class="note">${escaped(roundsNote)}${quick ? ' A quick run: few and short rounds, and no time is judged.' : ''}</p>
<nav>${results.map(({ name }) => `<a href="#${escaped(name)}">${escaped(name)}</a>`).join('')}</nav>
${chartsIn(undefined)}
${results.map((result) => sectionOf(result, { judged: !quick, charts: chartsIn(result.name) })).join('\n')}
<script type="application/json" id="charts">${JSON.stringify(charts).replaceAll('<', '\\u003c')}</script>
<script>${ofUPlot('uPlot.iife.min.js')}</script>
<script>${ofReport('draw-charts.js')}</script>
</body>
</html>
`;
}

export const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (char) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[char]!);

const placeOf = ({ title }: Chart, i: number): string =>
  `<div class="chart"><h3>${escaped(title)}</h3><div id="chart-${i}"></div></div>`;

interface SectionOptions {
  readonly judged: boolean;
  readonly charts: string;
}

function sectionOf(result: NamedResult, { judged, charts }: SectionOptions): string {
  const { name, title } = result;
  const clean = cleanText(result);
  const head = `<h2 id="${escaped(name)}">${escaped(name)}</h2>\n<p>${escaped(title)}.${clean === '' ? '' : ` ${clean} rounds were clean.`}</p>`;
  if (result.kind === 'skipped') return `${head}\n<p class="note">Skipped: ${escaped(result.why)}.</p>`;
  if (isFigures(result)) {
    return [
      head,
      charts,
      gridTable(result, judged),
      figuresTable(result, judged),
      `<p class="note">${escaped(result.how)}.</p>`,
    ].join('\n');
  }
  if (!isComparison(result)) return head;
  const rows = comparisonLines(result).map(({ who, durability, rate, cpu, ratio, spread, aim, met }) => [
    who === 'Ringside' ? '<tr class="ringside">' : '<tr>',
    ...[who, durability].map((text) => `<td>${escaped(text)}</td>`),
    ...[rate, cpu, ratio, spread, aim].map((text) => `<td class="number">${escaped(text)}</td>`),
    `<td>${verdict(met, judged)}</td></tr>`,
  ]);
  const who = whoIsWho(result).map(({ name: one, is }) => `<dt>${escaped(one)}</dt><dd>${escaped(is)}.</dd>`);
  return [
    head,
    charts,
    tableOf(
      ['who', 'durable', 'per second', 'µs CPU each', 'Ringside is', 'least..greatest', 'aim', ''],
      rows.map((row) => row.join('')),
    ),
    `<dl class="who">${who.join('')}</dl>`,
  ].join('\n');
}

function gridTable({ figures, atIs = '' }: NamedFigures, judged: boolean): string {
  const { columns, lines } = gridOf(figures);
  if (columns.length === 0) return '';
  const rows = lines.map(({ name, unit, cells }) => {
    const cell = (figure: Figure | undefined): string =>
      `<td class="number">${figure === undefined ? '' : valueCell(figure, judged)}</td>`;
    return `<tr><td>${escaped(name)}</td><td>${escaped(unit)}</td>${cells.map(cell).join('')}</tr>`;
  });
  return tableOf(['', 'unit', ...columns.map((at) => `${whole(at)} ${atIs}`)], rows);
}

function valueCell(figure: Figure, judged: boolean): string {
  const { value, spread } = figure;
  const range = spread === undefined ? '' : `<br><span class="range">${escaped(spreadText(spread, valueText))}</span>`;
  const aim = aimText(figure);
  return `${valueText(value)}${range}${aim === '' ? '' : `<br><span class="range">aim ${aim}</span> ${verdict(isMet(figure), judged)}`}`;
}

function figuresTable({ figures }: NamedFigures, judged: boolean): string {
  const rows = figures
    .filter(({ at }) => at === undefined)
    .map((figure) => {
      const { name, value, unit, spread } = figure;
      const numbers = [valueText(value), spread === undefined ? '' : spreadText(spread, valueText), aimText(figure)];
      const cells = numbers.map((text) => `<td class="number">${escaped(text)}</td>`).join('');
      return `<tr><td>${escaped(name)}</td><td>${escaped(unit)}</td>${cells}<td>${verdict(isMet(figure), judged)}</td></tr>`;
    });
  return rows.length === 0 ? '' : tableOf(['figure', 'unit', 'value', 'least..greatest', 'aim', ''], rows);
}

const verdict = (met: boolean | undefined, judged: boolean): string =>
  met === undefined || !judged ? '' : met ? '<span class="met">met</span>' : '<span class="missed">missed</span>';

const tableOf = (head: readonly string[], rows: readonly string[]): string =>
  `<div class="table"><table><thead><tr>${head.map((text) => `<th>${escaped(text)}</th>`).join('')}</tr></thead><tbody>${rows.join('\n')}</tbody></table></div>`;
