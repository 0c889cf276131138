/** What Stryker writes of each mutant, as far as it is looked at here (mutation-testing-report-schema 2). */
export interface MutationReport {
  readonly files: Readonly<Record<string, { readonly source: string; readonly mutants: readonly Mutant[] }>>;
}

interface Mutant {
  readonly status: string;
  readonly mutatorName: string;
  readonly replacement?: string;
  readonly location: { readonly start: Place; readonly end: Place };
}

/** Counted from 1. */
interface Place {
  readonly line: number;
  readonly column: number;
}

/** How many mutants of a library came to what end. */
export interface Counts {
  readonly mutants: number;
  /** A spec failed. */
  readonly killed: number;
  /** The specs ran on without end: noticed as well. */
  readonly timeout: number;
  /** All specs passed. */
  readonly survived: number;
  /** No spec runs the line. */
  readonly noCoverage: number;
  /** Sentences for people, which are left alone. Not part of `mutants`. */
  readonly ignored: number;
  /** Killed and timed out, of a hundred mutants. */
  readonly score: number;
}

export function countsOf({ files }: MutationReport): Counts {
  const all = Object.values(files).flatMap(({ mutants }) => mutants);
  const of = (...statuses: string[]): number => all.filter(({ status }) => statuses.includes(status)).length;
  const [killed, timeout, survived, noCoverage] = [of('Killed'), of('Timeout'), of('Survived'), of('NoCoverage')];
  const mutants = killed + timeout + survived + noCoverage;
  // A mutant that is none of these could not be judged: that is a fault of the harness, and no score is made of it.
  const unknown = all.length - mutants - of('Ignored');
  if (unknown > 0) throw new Error(`${unknown} mutants were not judged. Look at the report.`);
  if (mutants === 0) throw new Error('Nothing was mutated: there is nothing to judge the specs by.');
  const score = (100 * (killed + timeout)) / mutants;
  return { mutants, killed, timeout, survived, noCoverage, ignored: of('Ignored'), score };
}

/** A line for each mutant that lives: where it is, what stands there and what stood there instead. */
export function survivorsOf({ files }: MutationReport): readonly string[] {
  return Object.entries(files).flatMap(([file, { source, mutants }]) => {
    const lines = source.split('\n');
    return mutants
      .filter(({ status }) => status === 'Survived' || status === 'NoCoverage')
      .map(({ status, mutatorName, replacement = '', location: { start, end } }) => {
        const line = lines[start.line - 1] ?? '';
        const original = start.line === end.line ? line.slice(start.column - 1, end.column - 1) : line.slice(start.column - 1);
        const unseen = status === 'NoCoverage' ? ' (no spec runs it)' : '';
        return `${file}:${start.line}:${start.column} ${mutatorName}${unseen}: ${short(original)} -> ${short(replacement)}`;
      });
  });
}

const short = (code: string): string => code.replace(/\s+/g, ' ').slice(0, 80);
