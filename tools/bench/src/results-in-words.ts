import { judgedRounds } from './clean-rounds.js';
import { foreignCoresMax, isClean } from './foreign-load.js';
import { cpuMicrosPerEvent, rateOf, type Measurement } from './measurement.js';
import {
  subjectName,
  type Compared,
  type Comparison,
  type Durability,
  type Figure,
  type Figures,
  type RowResult,
} from './row.js';
import { median, type Spread } from './statistics.js';

export type NamedResult = RowResult & { readonly name: string; readonly title: string };
export type NamedComparison = Comparison & NamedResult;
export type NamedFigures = Figures & NamedResult;

export const isComparison = (result: NamedResult): result is NamedComparison => result.kind === 'comparison';
export const isFigures = (result: NamedResult): result is NamedFigures => result.kind === 'figures';

export const subjectTitle = 'Ringside';

export const roundsNote = [
  'Medians over the rounds; a ratio is that of one round, Ringside by the other, with its least and greatest.',
  `CPU is user and system time of the measured processes, all threads. A round is clean where others took at most ${foreignCoresMax.toFixed(2)} cores; one that was not was repeated where there was time.`,
  'A run ends without figures where a count is wrong.',
].join(' ');

export const whole = (value: number): string => Math.round(value).toLocaleString('en-US');
export const valueText = (value: number): string =>
  Math.abs(value) >= 100 ? whole(value) : String(Number(value.toPrecision(3)));
export const ratioText = (ratio: number): string => (ratio < 10 ? ratio.toFixed(2) : ratio.toFixed(1));
export const spreadText = ({ min, max }: Pick<Spread, 'min' | 'max'>, text = ratioText): string => `${text(min)}..${text(max)}`;

export const aimText = ({ aimMax, aimMin }: Figure): string =>
  aimMax !== undefined ? `≤ ${valueText(aimMax)}` : aimMin !== undefined ? `≥ ${valueText(aimMin)}` : '';

/** Undefined where there is no aim. */
export const isMet = ({ value, aimMax, aimMin }: Figure): boolean | undefined =>
  aimMax !== undefined ? value <= aimMax : aimMin !== undefined ? value >= aimMin : undefined;

/** Those that promise the most first: only within one class a comparison is fair. */
export const byDurability = (others: readonly Compared[]): readonly Compared[] =>
  (['flushed', 'flushed later', 'not kept'] satisfies Durability[]).flatMap((one) =>
    others.filter(({ durability }) => durability === one),
  );

/** How many of a result's rounds were clean: "5/7"; empty where that was not looked at. */
export function cleanText(result: NamedResult): string {
  const cores = foreignCoresIn(result);
  return cores.length === 0 ? '' : `${cores.filter(isClean).length}/${cores.length}`;
}

/** Whether rounds count in which others were at work. */
export const isDisturbed = (result: NamedResult): boolean =>
  judgedRounds(foreignCoresIn(result).map((foreignCores) => ({ foreignCores }))).some(
    ({ foreignCores }) => !isClean(foreignCores),
  );

function foreignCoresIn(result: NamedResult): readonly number[] {
  if (isComparison(result)) return result.rounds.map(({ foreignCores }) => foreignCores);
  return isFigures(result) ? (result.foreignCores ?? []) : [];
}

/** A contestant in a table; texts are empty where there is nothing to say. */
export interface ComparisonLine {
  readonly who: string;
  readonly durability: Durability;
  readonly rate: string;
  readonly cpu: string;
  readonly ratio: string;
  readonly spread: string;
  readonly aim: string;
  readonly met: boolean | undefined;
}

/** Ringside, and then the others in the order of what they promise. */
export function comparisonLines(result: Comparison): readonly ComparisonLine[] {
  const judged = judgedRounds(result.rounds);
  const medianOf = (name: string, figure: (measurement: Measurement) => number): string =>
    whole(median(judged.map(({ measurements }) => figure(measurements[name]!))));
  const measuredOf = (name: string) => ({ rate: medianOf(name, rateOf), cpu: medianOf(name, cpuMicrosPerEvent) });
  const nothing = { ratio: '', spread: '', aim: '', met: undefined };
  return [
    { who: subjectTitle, durability: result.durability, ...measuredOf(subjectName), ...nothing },
    ...byDurability(result.others).map(({ name, durability, ratio, aimRatioMin }) => ({
      who: name,
      durability,
      ...measuredOf(name),
      ratio: ratioText(ratio.median),
      spread: spreadText(ratio),
      aim: aimRatioMin === undefined ? '' : `≥ ${aimRatioMin}`,
      met: aimRatioMin === undefined ? undefined : ratio.median >= aimRatioMin,
    })),
  ];
}

/** What each contestant does, with what it is made of. */
export const whoIsWho = ({ subjectIs, others }: Comparison): readonly { readonly name: string; readonly is: string }[] => [
  { name: subjectTitle, is: subjectIs },
  ...byDurability(others).map(({ name, version, is }) => ({
    name: version === undefined ? name : `${name} (${version})`,
    is,
  })),
];
