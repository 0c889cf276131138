import { writeFile } from 'node:fs/promises';

import Table from 'cli-table3';

/** One line of the table. */
export interface Verdict {
  readonly part: 'fuzz' | 'attacks' | 'overload';
  readonly group: string;
  readonly name: string;
  readonly sent: string;
  readonly came: string;
  /** None where the service held. */
  readonly faults: readonly string[];
  readonly ms: number;
}

/** Figures of a part as a whole, by their names. */
export type Figures = Readonly<Record<string, number | string>>;

export interface Report {
  readonly short: boolean;
  readonly startedAt: string;
  readonly node: string;
  readonly verdicts: readonly Verdict[];
  readonly figures: Readonly<Record<string, Figures>>;
}

/** The table for the terminal: all verdicts, what is broken with its faults. */
export function tableOf(verdicts: readonly Verdict[]): string {
  const table = new Table({
    head: ['', 'attack', 'sent', 'came back', 'verdict'],
    colWidths: [14, 30, 44, 34, 30],
    wordWrap: true,
    style: { head: [], border: [], compact: true },
  });
  for (const { group, name, sent, came, faults } of verdicts) {
    table.push([group, name, sent, came, faults.length === 0 ? 'held' : `BROKEN: ${faults.join('; ')}`]);
  }
  return table.toString();
}

export function summaryOf({ verdicts, figures }: Report): string {
  const broken = verdicts.filter(({ faults }) => faults.length > 0);
  const lines = Object.entries(figures).map(
    ([part, of]) =>
      `${part}: ${Object.entries(of)
        .map(([name, value]) => `${name} ${value}`)
        .join(', ')}`,
  );
  const last =
    broken.length === 0
      ? `All ${verdicts.length} held.`
      : `${broken.length} of ${verdicts.length} did not hold: ${broken.map(({ name }) => name).join(', ')}.`;
  return [...lines, last].join('\n');
}

export const writeReport = (file: string, report: Report): Promise<void> =>
  writeFile(file, `${JSON.stringify(report, null, 2)}\n`);
