import { coalesced } from '@ringside/core';
import type { EventLog } from '@ringside/event-log';
import type { Checkpoint, ViewStore } from '@ringside/view-store';

import { becomesTrue, versionWaitMsMax } from './await-version.js';
import type { PlacedSubscriber } from './placed-subscriber.js';
import type { Views } from './views.js';

/**
 * Waits until the views contain all that the log had when this was called, whichever process writes them; what a command led to is
 * among it, unless its answer could not wait for the log. False where that took longer than `msMax`. However many wait, the log and
 * the store are asked for all of them together.
 */
export async function awaitLog(
  {
    views,
    log,
    subscriber,
  }: { readonly views: Views; readonly log: EventLog; readonly subscriber: Pick<PlacedSubscriber, 'topics'> },
  msMax: number = versionWaitMsMax,
): Promise<boolean> {
  const deadline = performance.now() + msMax;
  const behind = await Promise.all(
    subscriber.topics.map(async (topic) => ({ name: views.checkpointName(topic), heads: new Map(await headsOf(log, topic)) })),
  );
  return becomesTrue(deadline - performance.now(), async () => {
    for (const { name, heads } of behind) {
      if (heads.size === 0) continue;
      for (const { partition, position } of await checkpointsOf(views.store, name)) {
        const head = heads.get(partition);
        if (head !== undefined && position !== null && position >= head) heads.delete(partition);
      }
    }
    return behind.every(({ heads }) => heads.size === 0);
  });
}

type Heads = readonly (readonly [partition: number, head: string])[];

const heads = new WeakMap<EventLog, Map<string, () => Promise<Heads>>>();
const checkpoints = new WeakMap<ViewStore, Map<string, () => Promise<readonly Checkpoint[]>>>();

/** Of partitions that have any, read behind this call. */
const headsOf = (log: EventLog, topic: string): Promise<Heads> =>
  sharedBy(heads, log, topic, async () =>
    (await log.heads(topic)).flatMap(({ partition, head }) => (head === null ? [] : [[partition, head] as const])),
  );

const checkpointsOf = (store: ViewStore, name: string): Promise<readonly Checkpoint[]> =>
  sharedBy(checkpoints, store, name, () => store.checkpoints(name));

function sharedBy<S extends object, T>(
  calls: WeakMap<S, Map<string, () => Promise<T>>>,
  source: S,
  name: string,
  work: () => Promise<T>,
): Promise<T> {
  let ofSource = calls.get(source);
  if (ofSource === undefined) calls.set(source, (ofSource = new Map()));
  let call = ofSource.get(name);
  if (call === undefined) ofSource.set(name, (call = coalesced(work)));
  return call();
}
