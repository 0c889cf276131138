import type { MessageId } from '../message-id.js';
import type { PartitionTopic } from '../transport.js';
import { type AdminCall, found } from './request.js';
import { fullName, partitionPath, type TopicPlace, topicStatistics } from './topics.js';

/** Where a cursor is put: before the first message, behind the last, or before this one (or the next, where it is not there). */
export type CursorTarget = 'earliest' | 'latest' | MessageId;

// JSON.stringify cannot write Java's largest long, which stands for the latest message.
const largest = '9223372036854775807';

function bodyOf(target: CursorTarget, partition: number): string {
  if (target === 'earliest') return '{"ledgerId":-1,"entryId":-1,"partitionIndex":-1,"batchIndex":-1}';
  if (target === 'latest') return `{"ledgerId":${largest},"entryId":${largest},"partitionIndex":-1,"batchIndex":-1}`;
  // A batch is begun from its start. `isExcluded` is not used: Pulsar passes over it for the last message of a topic.
  return JSON.stringify({ ledgerId: target.ledgerId, entryId: target.entryId, partitionIndex: partition, batchIndex: -1 });
}

const pathOf = (at: PartitionTopic, subscription: string): string =>
  `${partitionPath(at)}/subscription/${encodeURIComponent(subscription)}`;

export async function createCursor(
  call: AdminCall,
  at: PartitionTopic,
  subscription: string,
  target: CursorTarget,
): Promise<'created' | 'exists'> {
  const path = pathOf(at, subscription);
  const answer = await call(path, { method: 'PUT', body: bodyOf(target, at.partition) });
  if (answer.status === 409) return 'exists';
  found(path, answer);
  return 'created';
}

/** Moves a cursor. Pulsar disconnects the consumers of the partition, which come back to the new place. */
export async function resetCursor(
  call: AdminCall,
  at: PartitionTopic,
  subscription: string,
  target: CursorTarget,
): Promise<void> {
  const path = `${pathOf(at, subscription)}/resetcursor`;
  found(path, await call(path, { method: 'POST', body: bodyOf(target, at.partition) }));
}

/** When the oldest message that is not acknowledged was appended, in ms; null where there is none. */
export async function oldestUnacknowledged(call: AdminCall, at: PartitionTopic, subscription: string): Promise<number | null> {
  const { status, headers } = await call(`${pathOf(at, subscription)}/position/1`);
  if (status === 404) return null;
  const time = Date.parse(headers.get('x-pulsar-event-time') ?? headers.get('x-pulsar-publish-time') ?? '');
  return Number.isNaN(time) ? null : time;
}

interface PartitionedStats {
  readonly partitions: Readonly<
    Record<
      string,
      {
        readonly subscriptions: Readonly<Record<string, { readonly msgBacklog: number; readonly activeConsumerName?: string }>>;
      }
    >
  >;
}

export interface CursorStats {
  readonly backlog: number;
  /** The one consumer that Pulsar hands the partition's messages to. */
  readonly activeConsumer: string | undefined;
}

/** Per partition; without those where the subscription does not exist. */
export async function cursorStats(
  call: AdminCall,
  place: TopicPlace & { readonly partitions: number },
  subscription: string,
): Promise<ReadonlyMap<number, CursorStats>> {
  const query = 'partitioned-stats?perPartition=true&getPreciseBacklog=true&excludePublishers=true&excludeConsumers=true';
  const stats = await topicStatistics<PartitionedStats>(call, place, query);
  const found = new Map<number, CursorStats>();
  for (let partition = 0; partition < place.partitions; partition++) {
    const name = fullName(place, `${place.topic}-partition-${partition}`);
    const one = stats?.partitions[name]?.subscriptions[subscription];
    if (one !== undefined) found.set(partition, { backlog: one.msgBacklog, activeConsumer: one.activeConsumerName });
  }
  return found;
}

interface PartitionedInternalStats {
  readonly partitions: Readonly<
    Record<
      string,
      {
        readonly ledgers: readonly { readonly ledgerId: number; readonly entries: number }[];
        readonly cursors: Readonly<Record<string, { readonly markDeletePosition: string }>>;
      }
    >
  >;
}

/** The last entry that is acknowledged together with all before it, per partition; null where there is none. */
export async function acknowledgedEntries(
  call: AdminCall,
  place: TopicPlace & { readonly partitions: number },
  subscription: string,
): Promise<ReadonlyMap<number, MessageId | null>> {
  const stats = await topicStatistics<PartitionedInternalStats>(call, place, 'partitioned-internalStats');
  const entries = new Map<number, MessageId | null>();
  for (let partition = 0; partition < place.partitions; partition++) {
    const one = stats?.partitions[fullName(place, `${place.topic}-partition-${partition}`)];
    const position = one?.cursors[subscription]?.markDeletePosition;
    if (one === undefined || position === undefined) continue;
    const [ledgerId, entryId] = position.split(':').map(Number) as [number, number];
    // Before the first entry of a ledger is behind the last one of an earlier ledger.
    const former = one.ledgers.filter((ledger) => ledger.ledgerId < ledgerId && ledger.entries > 0).at(-1);
    if (entryId >= 0) entries.set(partition, { ledgerId, entryId, batchIndex: -1 });
    else if (former === undefined) entries.set(partition, null);
    else entries.set(partition, { ledgerId: former.ledgerId, entryId: former.entries - 1, batchIndex: -1 });
  }
  return entries;
}
