import type { PromiseFigure } from '@ringside/promises';

import {
  aimText,
  cleanText,
  isComparison,
  isDisturbed,
  isFigures,
  isMet,
  ratioText,
  spreadText,
  valueText,
  whole,
  type NamedComparison,
  type NamedFigures,
  type NamedResult,
} from './results-in-words.js';

/** What a run says of each aim: a line for each. Of a quick run none is judged. */
export function promisesOf(
  results: readonly NamedResult[],
  { judged }: { readonly judged: boolean },
): readonly PromiseFigure[] {
  return results.flatMap((result) => {
    const promises = isComparison(result) ? ofComparison(result) : isFigures(result) ? ofFigures(result) : [];
    return promises.map(({ kept, ...promise }) => (judged && kept !== undefined ? { ...promise, kept } : promise));
  });
}

function ofComparison(result: NamedComparison): readonly PromiseFigure[] {
  return result.others.flatMap(({ name, version, is, role, ratio, aimRatioMin: aim }) => {
    if (aim === undefined) return [];
    const whom = role === 'floor' ? 'as fast as the bare loop beneath' : `as fast as ${name}`;
    return {
      promise: `${sentence(result.title)}: at least ${aim} times ${whom}`,
      how: `beside ${version ?? name}: ${is}`,
      aim: `at least ${aim}`,
      figure: `${ratioText(ratio.median)} (${spreadText(ratio)}${roundsText(result)})`,
      kept: ratio.median >= aim,
    };
  });
}

function ofFigures(result: NamedFigures): readonly PromiseFigure[] {
  return result.figures.flatMap((figure) => {
    const kept = isMet(figure);
    if (kept === undefined) return [];
    const { name, at, value, unit, spread } = figure;
    const where = at === undefined ? '' : ` at ${whole(at)} ${result.atIs ?? ''}`.trimEnd();
    const range = spread === undefined ? '' : ` (${spreadText(spread, valueText)}${roundsText(result)})`;
    return {
      promise: `${sentence(result.title)}: ${name}${where}`,
      how: firstSentence(result.how),
      aim: `${aimText(figure)} ${unit}`,
      figure: `${valueText(value)} ${unit}${range}`,
      kept,
    };
  });
}

/** Says so where a figure had to take rounds in which others were at work. */
function roundsText(result: NamedComparison | NamedFigures): string {
  const clean = cleanText(result);
  if (clean === '') return '';
  return isDisturbed(result) ? `; only ${clean} rounds were clean` : `; ${clean} rounds clean`;
}

const sentence = (title: string): string => title.charAt(0).toUpperCase() + title.slice(1);
const firstSentence = (how: string): string => how.split('. ')[0]!;
