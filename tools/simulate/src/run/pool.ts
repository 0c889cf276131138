import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

import type { Figures, RunOptions } from './run.js';
import type { WorkerOrder, WorkerReport } from './worker.js';

export interface Failure {
  readonly options: RunOptions;
  readonly faults: readonly string[];
}

export interface Tally {
  runs: number;
  steps: number;
  repeated: number;
  figures: Figures;
  readonly failures: Failure[];
}

export interface PoolOptions {
  readonly policyPath: string;
  readonly workers: number;
  readonly fromSeed: number;
  readonly count: number;
  readonly list?: readonly RunOptions[];
  readonly bug?: string;
  /** Ends all when so many runs have failed. */
  readonly failuresMax: number;
  readonly onProgress?: (tally: Tally) => void;
}

/** A run takes a fraction of a second. One that takes so long will never end, in ms. */
const stuckMsMax = 120_000;

/** Plays runs in several threads. */
export async function playAll(options: PoolOptions): Promise<Tally> {
  const { policyPath, workers: count, fromSeed, list, bug } = options;
  const figures = { accepted: 0, commands: 0, records: 0, rows: 0, parked: 0, disturbances: 0 };
  const tally: Tally = { runs: 0, steps: 0, repeated: 0, figures, failures: [] };
  const shared = new Int32Array(new SharedArrayBuffer(4 * (1 + count)));
  const workers = Array.from({ length: count }, (_, number) => {
    const order: WorkerOrder = {
      ...{ policyPath, fromSeed, count: options.count, shared, number },
      ...(list !== undefined && { list }),
      ...(bug !== undefined && { bug }),
    };
    return playOne(order, options, tally);
  });
  const stop = (): void => workers.forEach(({ worker }) => void worker.terminate());
  process.once('SIGINT', stop);
  try {
    await Promise.all(workers.map(({ ended }) => ended));
  } finally {
    process.off('SIGINT', stop);
    stop();
  }
  return tally;
}

function playOne(order: WorkerOrder, options: PoolOptions, tally: Tally): { worker: Worker; ended: Promise<void> } {
  const worker = new Worker(fileURLToPath(new URL('./worker.js', import.meta.url)), { workerData: order });
  const runAt = (): RunOptions => {
    const at = Atomics.load(order.shared, 1 + order.number);
    return order.list?.[at] ?? { seed: order.fromSeed + at };
  };
  const ended = new Promise<void>((resolve) => {
    let watch: NodeJS.Timeout | undefined;
    const beStuck = (): void => {
      tally.failures.push({ options: runAt(), faults: [`It was still under way after ${stuckMsMax / 1_000} s.`] });
      void worker.terminate();
    };
    const isAlive = (): void => {
      clearTimeout(watch);
      watch = setTimeout(beStuck, stuckMsMax);
    };
    isAlive();
    worker.on('message', (report: WorkerReport) => {
      isAlive();
      add(tally, report);
      options.onProgress?.(tally);
      if (tally.failures.length >= options.failuresMax) Atomics.store(order.shared, 0, order.count);
    });
    worker.on('error', (error) => tally.failures.push({ options: runAt(), faults: [String((error as Error).stack ?? error)] }));
    worker.on('exit', () => {
      clearTimeout(watch);
      resolve();
    });
  });
  return { worker, ended };
}

function add(tally: Tally, { runs, steps, repeated, figures, failed, options }: WorkerReport): void {
  tally.runs += runs;
  tally.steps += steps;
  tally.repeated += repeated;
  const names = Object.keys(figures) as (keyof Figures)[];
  tally.figures = Object.fromEntries(names.map((name) => [name, tally.figures[name] + figures[name]])) as unknown as Figures;
  failed.forEach(({ faults }, i) => tally.failures.push({ options: options[i]!, faults }));
}
