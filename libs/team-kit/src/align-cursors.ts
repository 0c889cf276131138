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
    const cursors = await log.backlog(topic, subscriber.name);
    const checkpoints = new Map(
      (await views.store.checkpoints(views.checkpointName(topic))).map(({ partition, position }) => [partition, position]),
    );
    const ahead = cursors.filter(({ partition, cursor }) => cursor !== null && cursor > (checkpoints.get(partition) ?? ''));
    if (ahead.length === 0) continue;
    await log.resetCursor(topic, subscriber.name, { at: 'earliest' });
    for (const [partition, position] of checkpoints) {
      if (position === null) continue;
      await log.resetCursor(topic, subscriber.name, { at: 'after', partition, position: position as never });
    }
  }
}
