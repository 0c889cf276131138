import type { EventLog } from '@ringside/event-log';

import type { Subscriber } from './subscriber.js';
import type { Views } from './views.js';

/**
 * Puts a subscription's cursors back where they are ahead of the views, as after a view store was restored from a backup or
 * a rebuilt generation took over: the checkpoint in the store is what counts. A cursor that is behind does no harm, what it
 * brings again is passed over.
 */
export async function alignCursors(log: EventLog, views: Views, subscriber: Subscriber): Promise<void> {
  for (const topic of subscriber.topics) {
    const checkpoints = await views.store.checkpoints(views.checkpointName(topic));
    const positions = new Map(checkpoints.map(({ partition, position }) => [partition, position]));
    await alignTopic(log, { topic, subscription: subscriber.name }, (partition) => positions.get(partition) ?? null);
  }
}

/** The same for one partition; true where its cursor was ahead, and its records come again. */
export function alignCursor(
  log: EventLog,
  name: { readonly topic: string; readonly subscription: string },
  partition: number,
  position: string | null,
): Promise<boolean> {
  return alignTopic(log, name, (one) => (one === partition ? position : undefined));
}

/** `viewsAt`: what the views contain of a partition; null for nothing, undefined for a partition to be left alone. */
async function alignTopic(
  log: EventLog,
  { topic, subscription }: { readonly topic: string; readonly subscription: string },
  viewsAt: (partition: number) => string | null | undefined,
): Promise<boolean> {
  const cursors = await log.backlog(topic, subscription);
  const targets = cursors.map(({ partition, cursor }) => {
    const position = viewsAt(partition);
    const ahead = position !== undefined && cursor !== null && cursor > (position ?? '');
    return { partition, ahead, position: ahead ? position : cursor };
  });
  const ahead = targets.filter((target) => target.ahead);
  // One partition alone cannot be put to its beginning: then all are, and those that were right are put forward again.
  const fromStart = ahead.some(({ position }) => position === null);
  if (fromStart) await log.resetCursor(topic, subscription, { at: 'earliest' });
  for (const { partition, position } of fromStart ? targets : ahead) {
    if (position === null) continue;
    await log.resetCursor(topic, subscription, { at: 'after', partition, position: position as never });
  }
  return ahead.length > 0;
}
