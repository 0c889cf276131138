import type { Measurement } from './measurement.js';
import type { Plot } from './plot.js';
import type { RingServers } from './ring-servers.js';
import type { Spread } from './statistics.js';

export interface BenchContext {
  readonly quick: boolean;
  readonly rounds: number;
  /** How many rounds of a row are repeated at most because others disturbed them. */
  readonly repeatsMax: number;
  /** Whether the run may still repeat rounds: it has an end. */
  readonly hasTime: () => boolean;
  /** Processes that the bench did not start and that work for it, as the servers of a ring: they are not "others". */
  readonly ownProcesses: readonly number[];
  /** How many reports to measure growth at, ascending. */
  readonly sizes: readonly number[];
  /** Whether these sizes were asked for: then each is filled, however long that takes. */
  readonly sizesAreAsked: boolean;
  /** Where data directories of these sizes are kept from run to run. */
  readonly sitesDirectory?: string | undefined;
  /** A new empty directory for each call; all are removed in the end. */
  readonly newDirectory: () => string;
  /** Real servers, for the rows that need them. */
  readonly ring?: RingServers | undefined;
  /** Where subjects write CPU profiles. */
  readonly profileDirectory?: string | undefined;
  /** One line about what goes on. */
  readonly say: (line: string) => void;
}

/** One line of the bench. */
export interface BenchRow {
  readonly name: string;
  /** One sentence: what is measured against what. */
  readonly title: string;
  /** Whether it is measured at each of the sizes of the context. */
  readonly atSizes?: boolean;
  readonly run: (context: BenchContext) => Promise<RowResult>;
}

/** What has to be true of a write before its caller hears of it. Only what is of one class is worth comparing. */
export type Durability =
  /** On disk: a machine that loses its power has it. */
  | 'flushed'
  /** Taken by a server or the operating system, which flushes it soon: a machine that loses its power may not have it. */
  | 'flushed later'
  /** In memory, or nothing is written. */
  | 'not kept';

/** Who Ringside is measured beside. */
export interface Other {
  readonly name: string;
  /** Of what it is made of: "emmett 0.9, PostgreSQL 17". Left out where the first line of the run says it. */
  readonly version?: string;
  /** The bare loop beneath, or what a user would take instead. */
  readonly role: 'floor' | 'peer';
  /** What it does, precisely. */
  readonly is: string;
  readonly durability: Durability;
  /** Ringside's rate is to be at least this many times its own; left out where there is no such aim. */
  readonly aimRatioMin?: number;
}

export interface Compared extends Other {
  /** The rate of Ringside by its own, round by round. */
  readonly ratio: Spread;
  /** Its processor time for one event by Ringside's, round by round. */
  readonly cpuRatio: Spread;
}

export const subjectName = 'ringside';

/** All contestants once, one after the other, each in processes of its own. */
export interface Round {
  /** Names, in the order in which they ran. */
  readonly order: readonly string[];
  /** How many cores other processes took meanwhile. */
  readonly foreignCores: number;
  readonly measurements: Readonly<Record<string, Measurement>>;
}

export interface Comparison {
  readonly kind: 'comparison';
  readonly subjectIs: string;
  readonly durability: Durability;
  /** What is counted: "reports", "events". */
  readonly counted: string;
  readonly others: readonly Compared[];
  readonly rounds: readonly Round[];
  readonly plots?: readonly Plot[];
}

export interface Figure {
  readonly name: string;
  /** At how many of what {@link Figures.atIs} counts; left out where it is not measured at several. */
  readonly at?: number;
  /** The median, where there were several rounds. */
  readonly value: number;
  readonly unit: string;
  /** The least and the greatest of its rounds. */
  readonly spread?: Pick<Spread, 'min' | 'max'>;
  /** The aim: at most this. */
  readonly aimMax?: number;
  /** The aim: at least this. */
  readonly aimMin?: number;
}

export interface Figures {
  readonly kind: 'figures';
  readonly how: string;
  readonly figures: readonly Figure[];
  /** What is counted where figures were measured at several numbers of it: "reports". */
  readonly atIs?: string;
  /** How many cores other processes took, round by round. */
  readonly foreignCores?: readonly number[];
  readonly plots?: readonly Plot[];
}

export interface Skipped {
  readonly kind: 'skipped';
  readonly why: string;
}

export type RowResult = Comparison | Figures | Skipped;

/** A count that is not what it must be: the bench fails, whatever the rates are. */
export class WrongCountError extends Error {
  constructor(what: string, counted: number, expected: number) {
    super(`Wrong count: ${what}: ${counted} instead of ${expected}.`);
  }
}

export function expectCount(what: string, counted: number, expected: number): void {
  if (counted !== expected) throw new WrongCountError(what, counted, expected);
}
