import type { Measurement } from './measurement.js';
import type { RingServers } from './ring-servers.js';
import type { Spread } from './statistics.js';

export interface BenchContext {
  readonly quick: boolean;
  readonly rounds: number;
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
  readonly run: (context: BenchContext) => Promise<RowResult>;
}

export interface Round {
  readonly first: 'floor' | 'subject';
  readonly floor: Measurement;
  readonly subject: Measurement;
  /** Rate of the subject by that of the floor. */
  readonly ratio: number;
}

export interface Comparison {
  readonly kind: 'comparison';
  /** What the floor does, precisely. */
  readonly floorIs: string;
  readonly subjectIs: string;
  readonly rounds: readonly Round[];
  readonly ratio: Spread;
  readonly aimRatioMin: number;
}

export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** The aim: at most this. */
  readonly aimMax?: number;
}

export interface Figures {
  readonly kind: 'figures';
  readonly how: string;
  readonly figures: readonly Figure[];
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
