import { CodedError } from '@ringside/core';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

import type { RunOptions } from './run.js';
import { added, noTally, type Tally } from './tally.js';
import { beatsOf, endTurns, runAt, stuckWatch, turnsFor } from './turns.js';
import type { WorkerOrder, WorkerReport } from './worker.js';

export interface PoolOptions {
  /** Threads. */
  readonly workers: number;
  readonly fromSeed: number;
  readonly count: number;
  /** Runs to play instead of seeds in a row: as many as `count`. */
  readonly list?: readonly RunOptions[];
  /** Plants this one. */
  readonly bug?: string;
  /** Whether no more runs are needed: asked whenever some have been played. */
  readonly isEnough: (tally: Tally) => boolean;
  readonly onProgress?: (tally: Tally) => void;
}

/** Somebody wants no more of it: what was played until then says nothing. */
export class InterruptedError extends CodedError {
  readonly code = 'interrupted';
}

/** A run takes a fraction of a second, on a machine with much to do a few. One that takes so long will never end, in ms. */
const stuckMsMax = 120_000;
const watchEveryMs = 2_000;

/** Plays runs in several threads. Throws an `InterruptedError` on SIGINT. */
export async function playAll(options: PoolOptions): Promise<Tally> {
  const { workers: threads, fromSeed, list, bug, count } = options;
  let tally = noTally;
  let isInterrupted = false;
  const turns = turnsFor(threads);
  const take = (more: Tally): void => {
    if (isInterrupted) return;
    tally = added(tally, more);
    options.onProgress?.(tally);
    if (options.isEnough(tally)) endTurns(turns, count);
  };
  const workers = Array.from({ length: threads }, (_, thread) => {
    const order = { fromSeed, count, turns, thread, ...(list !== undefined && { list }), ...(bug !== undefined && { bug }) };
    return playIn(order, take);
  });
  const stop = (): void => workers.forEach(({ worker }) => void worker.terminate());
  const interrupt = (): void => {
    isInterrupted = true;
    stop();
  };
  process.once('SIGINT', interrupt);
  try {
    await Promise.all(workers.map(({ ended }) => ended));
  } finally {
    process.off('SIGINT', interrupt);
    stop();
  }
  if (isInterrupted) throw new InterruptedError('Interrupted.');
  return tally;
}

/** One thread, which says itself when it is done: an end of which it says nothing is a failure of the run that it was at. */
function playIn(order: WorkerOrder, take: (more: Tally) => void): { readonly worker: Worker; readonly ended: Promise<void> } {
  const { turns, thread, list, fromSeed } = order;
  const worker = new Worker(fileURLToPath(new URL('./worker.js', import.meta.url)), { workerData: order });
  let isExplained = false;
  const fail = (fault: string): void => {
    isExplained = true;
    const at = runAt(turns, thread);
    take({ ...noTally, failures: [{ options: list?.[at] ?? { seed: fromSeed + at }, faults: [fault], hasEnded: false }] });
  };
  const isStuck = stuckWatch(stuckMsMax, performance.now());
  const watch = setInterval(() => {
    if (!isStuck(beatsOf(turns, thread), performance.now())) return;
    clearInterval(watch);
    fail(`It was still under way after ${stuckMsMax / 1_000} s.`);
    void worker.terminate();
  }, watchEveryMs);
  const ended = new Promise<void>((resolve) => {
    worker.on('message', ({ isLast, ...more }: WorkerReport) => {
      if (isLast) isExplained = true;
      take(more);
    });
    worker.on('error', (error) => fail(String((error as Error).stack ?? error)));
    worker.on('exit', (code) => {
      clearInterval(watch);
      if (!isExplained) fail(`It ended its thread, with the exit code ${code}.`);
      resolve();
    });
  });
  return { worker, ended };
}
