import type { PartitionBacklog, PartitionHead, Position, ReadOptions, StoredRecord } from '@ringside/event-log';
import type { AdminCall } from './admin/request.js';
import { acknowledgedEntries, cursorStats, oldestUnacknowledged } from './admin/subscriptions.js';
import { batchSizeAt, lastMessageId } from './admin/topics.js';
import { partitionsOf, readSince } from './cursors.js';
import { type MessageId, messageIdOf, positionOf } from './message-id.js';
import { readUntil } from './read.js';
import type { PlacedTopic, Topics } from './topics.js';
import type { PartitionTopic, Transport } from './transport.js';

export interface Inspected {
  readonly call: AdminCall;
  readonly topics: Topics;
  readonly transport: Transport;
}

export async function* readPartition(
  { call, topics, transport }: Inspected,
  { topic, partition, after, from, since }: ReadOptions,
): AsyncGenerator<StoredRecord> {
  const at = partitionsOf(await topics.find(topic))[partition];
  if (at === undefined) throw new RangeError(`Topic "${topic}" has no partition ${partition}.`);
  const head = await lastMessageId(call, at);
  if (head === undefined || (after !== undefined && after >= positionOf(head))) return;
  if (from !== undefined) yield* readFrom(transport, { at, from, head: positionOf(head) });
  else if (after === undefined && since !== undefined) yield* readSince({ call, transport }, { at, since, head });
  else yield* readUntil(transport, { at, after: after && messageIdOf(after), head: positionOf(head) });
}

/** A reader begins behind a message, so this one begins behind the entry before: of a batch, what is in front of the position is left out. */
async function* readFrom(
  transport: Transport,
  { at, from, head }: { readonly at: PartitionTopic; readonly from: Position; readonly head: Position },
): AsyncGenerator<StoredRecord> {
  if (from > head) return;
  const { ledgerId, entryId } = messageIdOf(from);
  const after: MessageId = { ledgerId, entryId: entryId - 1, batchIndex: -1 };
  for await (const record of readUntil(transport, { at, after, head })) if (record.position >= from) yield record;
}

export function headsOf(call: AdminCall, topic: PlacedTopic): Promise<readonly PartitionHead[]> {
  return Promise.all(
    partitionsOf(topic).map(async (at) => {
      const head = await lastMessageId(call, at);
      return { partition: at.partition, head: head === undefined ? null : positionOf(head) };
    }),
  );
}

/** `backlog` counts Pulsar's entries: where a native producer batched records, a batch is one. */
export async function backlogOf(
  call: AdminCall,
  topic: PlacedTopic,
  subscription: string,
): Promise<readonly PartitionBacklog[]> {
  const acknowledged = await acknowledgedEntries(call, topic, subscription);
  if (acknowledged.size === 0) return [];
  const stats = await cursorStats(call, topic, subscription);
  const known = partitionsOf(topic).filter(({ partition }) => acknowledged.has(partition) && stats.has(partition));
  return Promise.all(
    known.map(async (at) => {
      const { partition } = at;
      const { backlog } = stats.get(partition)!;
      const entry = acknowledged.get(partition) ?? null;
      const [cursor, oldestAppendedAt] = await Promise.all([
        entry === null ? null : lastPositionIn(call, at, entry),
        backlog === 0 ? null : oldestUnacknowledged(call, at, subscription),
      ]);
      return { partition, cursor, backlog, oldestAppendedAt };
    }),
  );
}

/** Of an entry that is a batch, its last record: all of it is acknowledged. */
async function lastPositionIn(call: AdminCall, at: PartitionTopic, entry: MessageId) {
  const size = await batchSizeAt(call, at, entry);
  return positionOf(size === undefined ? entry : { ...entry, batchIndex: size - 1 });
}
