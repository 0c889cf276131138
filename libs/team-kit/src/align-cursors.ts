import { StartupError } from '@ringside/core';
import type { EventLog } from '@ringside/event-log';

import type { PlacedSubscriber } from './placed-subscriber.js';
import type { Views } from './views.js';

/**
 * Puts a subscription's cursors back where they are ahead of the views, as after a view store was restored from a backup or
 * a rebuilt generation took over: the checkpoint in the store is what counts. A cursor that is behind does no harm, what it
 * brings again is passed over.
 */
export async function alignCursors(log: EventLog, views: Views, subscriber: PlacedSubscriber): Promise<void> {
  for (const topic of subscriber.topics) {
    const checkpoints = await views.store.checkpoints(views.checkpointName(topic));
    const positions = new Map(checkpoints.map(({ partition, position }) => [partition, position]));
    await refuseViewsAhead(log, topic, subscriber, positions);
    for (const { partition, cursor } of await log.backlog(topic, subscriber.name)) {
      const position = positions.get(partition) ?? null;
      if (cursor !== null && cursor > (position ?? '')) await putBackCursor(log, { topic, partition, subscriber }, position);
    }
  }
}

/** Views that contain more than the log has are of another log: new events would be passed over as if they were known. */
async function refuseViewsAhead(
  log: EventLog,
  topic: string,
  { name }: PlacedSubscriber,
  positions: ReadonlyMap<number, string | null>,
): Promise<void> {
  for (const { partition, head } of await log.heads(topic)) {
    const position = positions.get(partition) ?? null;
    if (position === null || (head !== null && position <= head)) continue;
    throw new StartupError(
      `The views of ${name} contain events that the event log does not have (${topic}, partition ${partition}): the log is an older or another one. Restore it, or remove these views and have them built anew.`,
    );
  }
}

/** Puts the cursor of one partition behind a position, or to the beginning for null. */
export async function putBackCursor(
  log: EventLog,
  {
    topic,
    partition,
    subscriber,
  }: { readonly topic: string; readonly partition: number; readonly subscriber: PlacedSubscriber },
  position: string | null,
): Promise<void> {
  const moveBehind = (one: number, to: string): Promise<void> =>
    log.resetCursor(topic, subscriber.name, { at: 'after', partition: one, position: to as never });
  if (position !== null) return moveBehind(partition, position);
  // One partition alone cannot be put to its beginning: then all are, and the others are put forward again.
  const cursors = await log.backlog(topic, subscriber.name);
  await log.resetCursor(topic, subscriber.name, { at: 'earliest' });
  for (const { partition: one, cursor } of cursors) if (one !== partition && cursor !== null) await moveBehind(one, cursor);
}
