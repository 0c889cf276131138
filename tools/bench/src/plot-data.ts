import { judgedRounds } from './clean-rounds.js';
import { ratioIn } from './compare.js';
import { rateOf } from './measurement.js';
import { byDurability, isComparison, isFigures, type NamedComparison, type NamedResult } from './results-in-words.js';
import { subjectName, type Compared } from './row.js';
import { median } from './statistics.js';

/** How a series is drawn: joined, or as marks, of which those of the median and the aim stand out. */
export type SeriesStyle = 'line' | 'round' | 'median' | 'aim';

export interface ChartSeries {
  readonly name: string;
  readonly style: SeriesStyle;
  /** One for each x; null where there is none. */
  readonly values: readonly (number | null)[];
}

/** What the page draws, as data: `report/draw-charts.js` hands it to uPlot. */
export interface Chart {
  readonly title: string;
  /** The row that it is of; undefined for those of the whole run. */
  readonly row?: string;
  readonly x: readonly number[];
  readonly xLabel: string;
  /** What stands at each x, where these are no numbers. */
  readonly xNames?: readonly string[];
  readonly xLog: boolean;
  readonly yLabel: string;
  readonly yLog: boolean;
  readonly series: readonly ChartSeries[];
}

/** All charts of a run: the ratios of all rows, the rates of those with several contestants, and what rows draw of themselves. */
export function chartsOf(results: readonly NamedResult[]): readonly Chart[] {
  const compared = results.filter(isComparison);
  return [
    ...ratioChart('Ringside by the bare loop beneath', compared, 'floor'),
    ...ratioChart('Ringside by what one would take instead', compared, 'peer'),
    ...compared.filter(({ others }) => others.length > 1).map(rateChart),
    ...results.flatMap((result) => (isComparison(result) || isFigures(result) ? ownCharts(result) : [])),
  ];
}

/** Marks for each category: those of all rounds, their median, and the aim where there is one. */
interface Category {
  readonly name: string;
  readonly rounds: readonly number[];
  readonly aim?: number | undefined;
}

function ratioChart(title: string, results: readonly NamedComparison[], role: Compared['role']): readonly Chart[] {
  const categories = results.flatMap(({ name, others, rounds }): readonly Category[] =>
    others
      .filter((other) => other.role === role)
      .map((other) => ({
        name: role === 'floor' ? (other.name === 'bare' ? name : `${name}: ${other.name}`) : `${name}: ${other.name}`,
        rounds: judgedRounds(rounds).map((round) => ratioIn(round, other.name)),
        aim: other.aimRatioMin,
      })),
  );
  if (categories.length === 0) return [];
  return [marks(categories, { title, yLabel: 'times its rate', yLog: true })];
}

/** Contestants in the order of what they promise. */
function rateChart({ name, title, durability, counted, others, rounds }: NamedComparison): Chart {
  const judged = judgedRounds(rounds);
  const contestants = [{ name: subjectName, durability }, ...byDurability(others)];
  const categories = contestants.map((one) => ({
    name: `${one.name} (${one.durability})`,
    rounds: judged.map(({ measurements }) => rateOf(measurements[one.name]!)),
  }));
  return { ...marks(categories, { title: `${name}: ${title}`, yLabel: `${counted} per second`, yLog: true }), row: name };
}

function marks(categories: readonly Category[], chart: Pick<Chart, 'title' | 'yLabel' | 'yLog'>): Chart {
  const roundsMax = Math.max(...categories.map(({ rounds }) => rounds.length));
  const aims = categories.map(({ aim }) => aim ?? null);
  return {
    ...chart,
    x: categories.map((_, i) => i),
    xLabel: '',
    xNames: categories.map(({ name }) => name),
    xLog: false,
    series: [
      ...Array.from({ length: roundsMax }, (_, i) => ({
        name: `round ${i + 1}`,
        style: 'round' as const,
        values: categories.map(({ rounds }) => rounds[i] ?? null),
      })),
      { name: 'median', style: 'median', values: categories.map(({ rounds }) => median(rounds)) },
      ...(aims.some((aim) => aim !== null) ? [{ name: 'aim', style: 'aim' as const, values: aims }] : []),
    ],
  };
}

const ownCharts = ({ name, plots = [] }: Extract<NamedResult, { readonly plots?: unknown }>): readonly Chart[] =>
  plots.map(({ title, x, y, lines }) => ({
    title,
    row: name,
    x: x.values,
    xLabel: x.label,
    xLog: x.log ?? false,
    yLabel: y.label,
    yLog: y.log ?? false,
    series: lines.map((line) => ({ ...line, style: 'line' as const })),
  }));
