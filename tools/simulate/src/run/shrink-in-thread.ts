import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

import type { RunOptions } from './run.js';

/** The shortest run found that still fails, all of it. */
export interface Shrunk {
  readonly options: RunOptions;
  readonly faults: readonly string[];
  readonly trace: readonly string[];
}

/** A shorter run may be one that never ends: the search is given up after so long, in ms. */
const searchMsMax = 120_000;

/** Looks for a shorter run that fails, in a thread of its own; answers with none where that takes long, or the thread fails. */
export async function shrinkInThread(failed: RunOptions, bug: string | undefined): Promise<Shrunk | undefined> {
  const file = fileURLToPath(new URL('./shrink-worker.js', import.meta.url));
  const worker = new Worker(file, { workerData: { failed, ...(bug !== undefined && { bug }) } });
  try {
    const [shrunk] = (await once(worker, 'message', { signal: AbortSignal.timeout(searchMsMax) })) as [Shrunk];
    return shrunk;
  } catch {
    return undefined;
  } finally {
    await worker.terminate();
  }
}
