import type { Random } from '@ringside/random';

/** What every scenario is given. */
export interface Surroundings {
  /** Of the workspace. */
  readonly root: string;
  /** Of its own; kept where a promise was broken. */
  readonly directory: string;
  readonly seed: number;
  readonly random: Random;
  readonly short: boolean;
  /** Of the long run, or of the short one. */
  readonly kills: number;
  /** Killing ends after so many, with as many kills as there were. */
  readonly minutes: number;
  readonly say: (line: string) => void;
  /** Something that must end with the run, whatever happens. */
  onEnd(end: () => Promise<void> | void): void;
}

/** What came of a scenario. */
export interface Outcome {
  /** Figures for the table and the record, by their names. */
  readonly figures: Readonly<Record<string, number | string>>;
  /** Promises that were broken, in words; none where all were kept. */
  readonly faults: readonly string[];
}

export interface Scenario {
  readonly name: string;
  /** What is promised, in one sentence. */
  readonly promise: string;
  /** What is done to whom. */
  readonly how: string;
  /** Whether the short form has it. */
  readonly inShort: boolean;
  /** Of `--ring`, and of no other run: it starts real servers. */
  readonly onRing?: boolean;
  /** Why it cannot run here; undefined where it can. */
  missing?(): Promise<string | undefined> | string | undefined;
  run(surroundings: Surroundings): Promise<Outcome>;
}
