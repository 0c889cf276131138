import Table from 'cli-table3';
import type { PromiseFigure } from '@ringside/promises';

import type { Outcome, Scenario } from './scenario.js';

/** One scenario of a run. */
export interface Result {
  readonly scenario: Pick<Scenario, 'name' | 'promise' | 'how'>;
  readonly outcome: Outcome | { readonly skipped: string };
  readonly seconds: number;
  /** Where its data and logs are, where they were kept. */
  readonly kept: string | undefined;
}

export const isBroken = ({ outcome }: Result): boolean => 'faults' in outcome && outcome.faults.length > 0;

/** Whether it was not skipped. */
export const wasPlayed = ({ outcome }: Result): boolean => 'faults' in outcome;

const listOf = (figures: Outcome['figures']): string =>
  Object.entries(figures)
    .map(([name, value]) => `${name} ${typeof value === 'number' ? value.toLocaleString('en-US') : value}`)
    .join(', ');

export function tableOf(results: readonly Result[]): string {
  const table = new Table({
    head: ['scenario', 'figures', 'verdict', 's'],
    colWidths: [14, 66, 36, 6],
    wordWrap: true,
    style: { head: [], border: [] },
  });
  for (const { scenario, outcome, seconds, kept } of results) {
    const time = seconds.toFixed(0);
    if ('skipped' in outcome) {
      table.push([scenario.name, '', `skipped: ${outcome.skipped}`, time]);
      continue;
    }
    const { figures, faults } = outcome;
    const verdict = faults.length === 0 ? 'kept' : `BROKEN: ${faults.join('; ')}; data and logs are in ${kept}`;
    table.push([scenario.name, listOf(figures), verdict, time]);
  }
  return table.toString();
}

/** For docs/promises.md: what was promised in a scenario, and what came of it. */
export function figureOf(result: Result): PromiseFigure {
  const { scenario, outcome } = result;
  const { promise, how } = scenario;
  if ('skipped' in outcome) return { promise, how, figure: `not run: ${outcome.skipped}` };
  return { promise, how, aim: 'no fault', figure: listOf(outcome.figures), kept: !isBroken(result) };
}
