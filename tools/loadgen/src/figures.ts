import type { Outcome } from './intake-client.js';
import type { SentReport } from './expectation.js';
import type { VisibilityFigures } from './visibility.js';

/** Of a series of durations, in ms. Nearest rank: each is a duration that occurred. */
export interface Percentiles {
  readonly count: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

export function percentilesOf(durationsMs: readonly number[]): Percentiles | null {
  if (durationsMs.length === 0) return null;
  const sorted = Float64Array.from(durationsMs).sort();
  const at = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;
  return { count: sorted.length, p50: at(0.5), p90: at(0.9), p99: at(0.99), p999: at(0.999), max: at(1) };
}

/** What a run showed. Written by `--json`, so that runs can be compared. */
export interface RunFigures {
  readonly run: string;
  readonly seed: string;
  readonly reports: number;
  readonly accepted: number;
  /** By the code of the problem document. */
  readonly refused: Readonly<Record<string, number>>;
  /** Neither accepted nor refused, by what was last heard. */
  readonly unknown: Readonly<Record<string, number>>;
  /** Attempts made again, by why. */
  readonly retries: Readonly<Record<string, number>>;
  readonly seconds: number;
  readonly acceptedPerSecond: number;
  /** From sending a request until its 202, in ms. */
  readonly acceptedMs: Percentiles | null;
  /** From the 202 until the report shows in its team's case, in ms. */
  readonly visibleMs: Percentiles | null;
  readonly visibility: { readonly notSeen: number; readonly lookMsMedian: number };
}

export interface RunRecord {
  readonly run: string;
  readonly seed: string;
  readonly sent: readonly SentReport[];
  readonly retries: ReadonlyMap<string, number>;
  readonly seconds: number;
  readonly visibility: VisibilityFigures;
}

export function figuresOf({ run, seed, sent, retries, seconds, visibility }: RunRecord): RunFigures {
  const outcomes = sent.map(({ outcome }) => outcome);
  const accepted = outcomes.filter((outcome) => outcome.kind === 'accepted');
  const { delaysMs, notSeen, lookMsMedian } = visibility;
  return {
    run,
    seed,
    reports: sent.length,
    accepted: accepted.length,
    refused: countBy(outcomes, (outcome) => (outcome.kind === 'refused' ? outcome.problem : undefined)),
    unknown: countBy(outcomes, (outcome) => (outcome.kind === 'unknown' ? outcome.because : undefined)),
    retries: Object.fromEntries(retries),
    seconds,
    acceptedPerSecond: seconds > 0 ? accepted.length / seconds : 0,
    acceptedMs: percentilesOf(accepted.map(({ latencyMs }) => latencyMs)),
    visibleMs: percentilesOf(delaysMs),
    visibility: { notSeen, lookMsMedian },
  };
}

function countBy(outcomes: readonly Outcome[], nameOf: (outcome: Outcome) => string | undefined): Record<string, number> {
  const counts = new Map<string, number>();
  for (const outcome of outcomes) {
    const name = nameOf(outcome);
    if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return Object.fromEntries(counts);
}
