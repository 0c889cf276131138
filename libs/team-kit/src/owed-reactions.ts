import type { Position, StoredRecord } from '@ringside/event-log';
import { decodeEvent, type RingsideEvent } from '@ringside/events';

import { whyNotBelieved } from './inbound.js';
import { parkWrites } from './parking.js';
import { react, reactionsTo, type Done, type Item, type Pipeline } from './pipeline.js';
import { carriedFrom } from './rebuild-carried.js';
import { addParked, reactedUpTo, type Owed, type Session } from './sessions.js';
import { writeReacted } from './write-projected.js';

const eventsAtOnceMax = 500;

/**
 * Reacts to the events that the views contain and that whoever had the partition before may not have reacted to. What is parked or was
 * given up is left out: it is not contained, or its reactions are parked. Answers false where another process has the partition by now.
 */
export async function reactToOwed(pipeline: Pipeline, session: Session, owed: Owed): Promise<boolean> {
  const carried = await carriedFrom(pipeline.views, session);
  const isOwed = (record: StoredRecord): boolean => !carried.isDiscarded(record) && carried.parked(record) === undefined;
  let ordinal = session.checkpoint.ordinal - (await countOwed(pipeline, session, owed));
  for await (const records of recordsOwed(pipeline, session, owed)) {
    const done = records.flatMap((record) => {
      ordinal += 1;
      return isOwed(record) ? doneWith(pipeline, { record, ordinal }) : [];
    });
    const parked = await react(pipeline, { done });
    const reacted = reactedUpTo(session.reacted!, records.at(-1)!.position, records.length);
    if ((await writeReacted(pipeline, [[session, reacted]], parkWrites(pipeline.views, parked))) !== undefined) return false;
    for (const { record, reason, detail } of parked) {
      const { topic, partition, id, key } = record;
      pipeline.observer.parked({ topic, partition, eventId: id, reason, detail });
      addParked(session, key, reason, pipeline.observer);
    }
  }
  return true;
}

/** The last of them has the checkpoint's ordinal, or one that retries have taken it on from: by these, what is parked keeps its order. */
async function countOwed(pipeline: Pipeline, session: Session, owed: Owed): Promise<number> {
  let count = 0;
  for await (const records of recordsOwed(pipeline, session, owed)) count += records.length;
  return count;
}

async function* recordsOwed(
  { log, signal }: Pipeline,
  { topic, partition }: Session,
  { after, until }: Owed,
): AsyncGenerator<readonly StoredRecord[]> {
  let some: StoredRecord[] = [];
  for await (const record of log.read({ topic, partition, ...(after === null ? {} : { after: after as Position }) })) {
    signal.throwIfAborted();
    if (record.position > until) break;
    if (some.push(record) < eventsAtOnceMax) continue;
    yield some;
    some = [];
  }
  if (some.length > 0) yield some;
}

/** What the batch that had the record came to, as far as reactions ask for it. */
function doneWith({ subscriber }: Pipeline, item: Item): readonly Done[] {
  const { record } = item;
  const decoded = decodeEvent(record.bytes);
  if (!decoded.ok || whyNotBelieved(subscriber.placement, record, decoded) !== undefined) return [];
  const event = decoded.value;
  if (!isCaptured(subscriber, event)) return [];
  return [{ item, event, outcome: 'projected', reactions: reactionsTo(subscriber, event) }];
}

const isCaptured = ({ projections }: Pipeline['subscriber'], event: RingsideEvent): boolean =>
  projections.some((projection) => projection.entity(event) !== undefined);
