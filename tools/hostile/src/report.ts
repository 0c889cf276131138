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
  /** Of `--short`: times that would be faults of a long run. Where much else runs they say nothing of the service. */
  readonly notJudged?: readonly string[];
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
  for (const verdict of verdicts) table.push([verdict.group, verdict.name, verdict.sent, verdict.came, inWords(verdict)]);
  return table.toString();
}

function inWords({ faults, notJudged = [] }: Verdict): string {
  if (faults.length > 0) return `BROKEN: ${faults.join('; ')}`;
  return notJudged.length > 0 ? `not judged: ${notJudged.join('; ')}` : 'held';
}

/** What depends on how much else the machine does: a fault in a long run, only said in a short one. */
export const faultsOfTime = (
  faults: readonly string[],
  short: boolean,
): Pick<Verdict, 'faults'> & Required<Pick<Verdict, 'notJudged'>> =>
  short ? { faults: [], notJudged: faults } : { faults, notJudged: [] };

/** Nothing that ran is nothing that held. */
export const hasHeld = (verdicts: readonly Verdict[]): boolean =>
  verdicts.length > 0 && verdicts.every(({ faults }) => faults.length === 0);

export function summaryOf({ verdicts, figures }: Report): string {
  const broken = verdicts.filter(({ faults }) => faults.length > 0);
  const unjudged = verdicts.filter(({ faults, notJudged = [] }) => faults.length === 0 && notJudged.length > 0);
  const lines = Object.entries(figures).map(
    ([part, of]) =>
      `${part}: ${Object.entries(of)
        .map(([name, value]) => `${name} ${value}`)
        .join(', ')}`,
  );
  const named = (some: readonly Verdict[]): string => some.map(({ name }) => name).join(', ');
  if (unjudged.length > 0)
    lines.push(`Slower than in a long run it may be, which the short form does not judge: ${named(unjudged)}.`);
  return [...lines, lastLine(verdicts, broken, named)].join('\n');
}

function lastLine(
  verdicts: readonly Verdict[],
  broken: readonly Verdict[],
  named: (some: readonly Verdict[]) => string,
): string {
  if (verdicts.length === 0) return 'Nothing was tried, so nothing has held.';
  if (broken.length === 0) return `All ${verdicts.length} held.`;
  return `${broken.length} of ${verdicts.length} did not hold: ${named(broken)}.`;
}

export const writeReport = (file: string, report: Report): Promise<void> =>
  writeFile(file, `${JSON.stringify(report, null, 2)}\n`);
