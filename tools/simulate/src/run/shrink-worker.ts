import { parentPort, workerData } from 'node:worker_threads';

import type { RunOptions } from './run.js';
import { shrink } from './shrink.js';
import { termsHere } from './terms.js';

const { failed, bug } = workerData as { readonly failed: RunOptions; readonly bug?: string };
const { options, outcome } = await shrink(failed, await termsHere(bug));
parentPort!.postMessage({ options, faults: outcome.faults, trace: outcome.trace });
