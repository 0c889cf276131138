import { Logger } from '@nestjs/common';
import { readPolicy } from '@ringside/platform';
import { parentPort, workerData } from 'node:worker_threads';

import { plantedBugs } from '../planted/planted.js';
import { installMachine } from '../world/machine.js';
import { run, type Figures, type RunOptions, type RunOutcome } from './run.js';

/** What a worker is told when it starts. */
export interface WorkerOrder {
  readonly policyPath: string;
  /** Runs to play instead of seeds in a row. */
  readonly list?: readonly RunOptions[];
  readonly fromSeed: number;
  readonly count: number;
  /** Of a planted bug. */
  readonly bug?: string;
  /** Which run is next, for all workers; and at [1 + number] which one this worker is at. */
  readonly shared: Int32Array;
  readonly number: number;
}

/** What it says, of some runs. */
export interface WorkerReport {
  readonly runs: number;
  readonly steps: number;
  readonly figures: Figures;
  /** Runs that were played twice, to see that they go the same way. */
  readonly repeated: number;
  readonly failed: readonly Pick<RunOutcome, 'seed' | 'faults'>[];
  readonly options: readonly RunOptions[];
}

const repeatedEvery = 50;
const reportEveryRuns = 10;

const order = workerData as WorkerOrder;
Logger.overrideLogger(false);
installMachine();
const policy = await readPolicy(order.policyPath);
const bug = plantedBugs.find(({ name }) => name === order.bug);

const none: Figures = { accepted: 0, commands: 0, records: 0, rows: 0, parked: 0, disturbances: 0 };
let report = emptyReport();

function emptyReport() {
  return {
    runs: 0,
    steps: 0,
    repeated: 0,
    figures: none,
    failed: [] as { seed: number; faults: readonly string[] }[],
    options: [] as RunOptions[],
  };
}

function send(): void {
  parentPort!.postMessage(report satisfies WorkerReport);
  report = emptyReport();
}

const terms = () => ({ policy, wrapping: bug?.plant() ?? {} });

for (;;) {
  const at = Atomics.add(order.shared, 0, 1);
  if (at >= order.count) break;
  Atomics.store(order.shared, 1 + order.number, at);
  const options = order.list?.[at] ?? { seed: order.fromSeed + at };
  const outcome = await run(options, terms());
  let faults = outcome.faults;
  if (at % repeatedEvery === 0) {
    const again = await run(options, terms());
    report.repeated++;
    if (again.hash !== outcome.hash) faults = [...faults, 'A second run with the same seed went another way.'];
  }
  report.runs++;
  report.steps += outcome.steps;
  report.figures = sum(report.figures, outcome.figures);
  if (faults.length > 0) {
    report.failed.push({ seed: options.seed, faults: faults.slice(0, 5) });
    report.options.push(options);
  }
  if (faults.length > 0 || report.runs >= reportEveryRuns) send();
}
send();

function sum(a: Figures, b: Figures): Figures {
  const names = Object.keys(a) as (keyof Figures)[];
  return Object.fromEntries(names.map((name) => [name, a[name] + b[name]])) as unknown as Figures;
}
