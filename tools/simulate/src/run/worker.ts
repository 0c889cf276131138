import { parentPort, workerData } from 'node:worker_threads';

import { run, type RunOptions } from './run.js';
import { added, noTally, type Tally } from './tally.js';
import { termsHere } from './terms.js';
import { beat, takeTurn, type Turns } from './turns.js';

/** What a worker is told when it starts. */
export interface WorkerOrder {
  /** Runs to play instead of seeds in a row. */
  readonly list?: readonly RunOptions[];
  readonly fromSeed: number;
  readonly count: number;
  /** Of a planted bug. */
  readonly bug?: string;
  readonly turns: Turns;
  /** Which of the threads this is, from 0. */
  readonly thread: number;
}

/** What it says, of some runs. */
export interface WorkerReport extends Tally {
  /** There is no other one: the thread is done. */
  readonly isLast: boolean;
}

const repeatedEvery = 50;
const reportEveryRuns = 10;
/** Of one run: what is wrong with it is seen from the first. */
const faultsMax = 20;

const { turns, thread, count, list, fromSeed, bug } = workerData as WorkerOrder;
const terms = await termsHere(bug);
let tally = noTally;

function send(isLast: boolean): void {
  parentPort!.postMessage({ ...tally, isLast } satisfies WorkerReport);
  tally = noTally;
}

async function play(at: number): Promise<Tally> {
  const options = list?.[at] ?? { seed: fromSeed + at };
  const { steps, figures, faults: found, hash } = await run(options, terms());
  const isRepeated = at % repeatedEvery === 0;
  if (isRepeated) beat(turns, thread);
  const isOther = isRepeated && (await run(options, terms())).hash !== hash;
  const faults = [...(isOther ? ['A second run with the same seed went another way.'] : []), ...found].slice(0, faultsMax);
  return {
    ...{ runs: 1, steps, figures, repeated: isRepeated ? 1 : 0, differed: isOther ? 1 : 0 },
    failures: faults.length === 0 ? [] : [{ options, faults, hasEnded: true }],
  };
}

for (let at = takeTurn(turns, thread, count); at !== undefined; at = takeTurn(turns, thread, count)) {
  tally = added(tally, await play(at));
  if (tally.failures.length > 0 || tally.runs >= reportEveryRuns) send(false);
}
send(true);
