import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, platform, release, totalmem } from 'node:os';
import { join } from 'node:path';

import { recordsDirectory } from './places.js';

/** The harnesses that show what Ringside promises, in the order of the page. */
export const harnesses = ['simulate', 'chaos', 'hostile', 'mutation', 'bench'] as const;
export type Harness = (typeof harnesses)[number];

/** What is said of a run. */
export interface Run {
  /** The command, as a user types it. */
  readonly command: string;
  /** When it ended, as an ISO date-time. */
  readonly at: string;
  /** What it ran on, in one line: see `machineLine`. */
  readonly machine: string;
}

/** One run of a harness, as it is kept for docs/promises.md. */
export interface RunRecord extends Run {
  readonly harness: Harness;
  readonly seconds: number;
  /** The runs that the figures are of, where they are of several: this one, and those that it did not take the place of. */
  readonly runs?: readonly Run[];
  readonly figures: readonly PromiseFigure[];
}

export interface PromiseFigure {
  /** What we promise: one sentence without jargon. */
  readonly promise: string;
  /** How it is tested: one sentence. */
  readonly how: string;
  /** The goal, where there is one: "at least 0.9". */
  readonly aim?: string;
  /** What this run reached: "0 of 12,431". Computed from the run. */
  readonly figure: string;
  /** Whether the aim was reached; left out where there is none. */
  readonly kept?: boolean;
}

const fileOf = (harness: Harness, directory: string): string => join(directory, `${harness}.json`);

/** The record that is kept of a harness; undefined where none is. */
export function readRunRecord(harness: Harness, directory = recordsDirectory): RunRecord | undefined {
  const file = fileOf(harness, directory);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as RunRecord) : undefined;
}

/** Keeps the record of a run for docs/promises.md, in place of the one before it. Returns the path of its file. */
export function writeRunRecord(record: RunRecord, directory = recordsDirectory): string {
  mkdirSync(directory, { recursive: true });
  const file = fileOf(record.harness, directory);
  writeFileSync(file, `${JSON.stringify(record, null, 2)}\n`);
  return file;
}

/** The machine in one line: no names of hosts, users or directories. */
export function machineLine(): string {
  const memory = Math.round(totalmem() / 2 ** 30);
  return `Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${memory} GiB, ${platform()} ${release()}`;
}
