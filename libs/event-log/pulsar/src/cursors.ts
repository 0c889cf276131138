import type { Start, StoredRecord } from '@ringside/event-log';
import type { AdminCall } from './admin/request.js';
import { createCursor, type CursorTarget, resetCursor } from './admin/subscriptions.js';
import { lastMessageId, messageIdAtTime } from './admin/topics.js';
import { type MessageId, messageIdOf, positionOf } from './message-id.js';
import { readUntil } from './read.js';
import type { PlacedTopic } from './topics.js';
import type { PartitionTopic, Transport } from './transport.js';

export interface CursorsOptions {
  readonly call: AdminCall;
  readonly transport: Transport;
}

/**
 * How far clocks may be apart. Pulsar finds messages by the time at which a broker's client published them; a record's
 * `appendedAt` is the appending process's, a little earlier or, where clocks differ, later.
 */
const clocksApartMsMax = 1_000;

/** Makes the subscription's cursors where they are missing; existing ones stay where they are. */
export async function createCursors(
  options: CursorsOptions,
  topic: PlacedTopic,
  subscription: string,
  start: Exclude<Start, { at: 'after' }>,
): Promise<void> {
  await Promise.all(
    partitionsOf(topic).map(async (at) => createCursor(options.call, at, subscription, await targetOf(options, at, start))),
  );
}

/** Moves cursors, and makes the subscription where it is missing. */
export async function moveCursors(options: CursorsOptions, topic: PlacedTopic, subscription: string, to: Start): Promise<void> {
  await createCursors(options, topic, subscription, { at: 'earliest' });
  await Promise.all(
    affectedBy(topic, to).map(async (at) => resetCursor(options.call, at, subscription, await targetOf(options, at, to))),
  );
}

export const partitionsOf = (topic: PlacedTopic): readonly PartitionTopic[] =>
  Array.from({ length: topic.partitions }, (_, partition) => ({ ...topic, partition }));

/** The partitions whose cursors a move concerns. */
export function affectedBy(topic: PlacedTopic, to: Start): readonly PartitionTopic[] {
  const all = partitionsOf(topic);
  if (to.at !== 'after') return all;
  const one = all[to.partition];
  if (one === undefined) throw new RangeError(`Topic "${topic.topic}" has no partition ${to.partition}.`);
  return [one];
}

async function targetOf(options: CursorsOptions, at: PartitionTopic, start: Start): Promise<CursorTarget> {
  if (start.at === 'earliest' || start.at === 'latest') return start.at;
  if (start.at === 'time') return targetAtTime(options, at, start.time);
  const { ledgerId, entryId, batchIndex } = messageIdOf(start.position);
  // Behind a message of a batch, which ones follow in the same entry is not known from its position: the entry comes again.
  return { ledgerId, entryId: batchIndex < 0 ? entryId + 1 : entryId, batchIndex: -1 };
}

async function targetAtTime({ call, transport }: CursorsOptions, at: PartitionTopic, time: number): Promise<CursorTarget> {
  const head = await lastMessageId(call, at);
  if (head === undefined) return 'earliest';
  for await (const record of readSince({ call, transport }, { at, since: time, head })) {
    return { ...messageIdOf(record.position), batchIndex: -1 };
  }
  return { ledgerId: head.ledgerId, entryId: head.entryId + 1, batchIndex: -1 };
}

/** Records up to the head, from the first that was appended at or after a time. */
export async function* readSince(
  { call, transport }: CursorsOptions,
  { at, since, head }: { readonly at: PartitionTopic; readonly since: number; readonly head: MessageId },
): AsyncGenerator<StoredRecord> {
  const near = await messageIdAtTime(call, at, since - clocksApartMsMax);
  if (positionOf(near) > positionOf(head)) return;
  let begun = false;
  const after = { ...near, entryId: near.entryId - 1 };
  for await (const record of readUntil(transport, { at, after, head: positionOf(head) })) {
    begun ||= record.appendedAt >= since;
    if (begun) yield record;
  }
}
