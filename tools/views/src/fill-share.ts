import { parentPort, workerData } from 'node:worker_threads';
import { MixedKeysError, placed, Rebuild, RebuildFencedError, Views } from '@ringside/team-kit';

import type { FillingMessage, FillingShare } from './filling-threads.js';
import { findSubscriber } from './find-subscriber.js';
import { openDrivers } from './open-drivers.js';

const stopped = new AbortController();
const tell = (message: FillingMessage): void => parentPort!.postMessage(message);

/** Fills one share of a generation of views, with drivers of its own. */
async function fillShare({ team, data, generation, watermark }: FillingShare): Promise<void> {
  const subscriber = await findSubscriber(team);
  const { log, store, placement, close } = await openDrivers(subscriber.name, data);
  try {
    const live = await Views.current(store, subscriber.name);
    const target = live.ofGeneration(generation);
    const onBatch = (events: number): void => tell({ events });
    const options = { subscriber: placed(subscriber, placement), log, live, target, signal: stopped.signal, onBatch };
    await Rebuild.share(options).advance(watermark);
  } finally {
    await close();
  }
}

function failureOf(error: unknown): FillingMessage {
  if (error instanceof RebuildFencedError) {
    const { subscription, partition } = error;
    return { failed: 'rebuild_fenced', subscription, partition };
  }
  if (error instanceof MixedKeysError) return { failed: 'mixed_keys', subscriber: error.subscriber };
  return { failed: 'otherwise', message: error instanceof Error ? error.message : String(error) };
}

parentPort!.on('message', () => stopped.abort(new Error('interrupted; the live views are as they were')));
try {
  await fillShare(workerData as FillingShare);
} catch (error) {
  tell(failureOf(error));
} finally {
  parentPort!.close();
}
