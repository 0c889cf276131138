/**
 * A place in one partition of one topic. Opaque, but two positions of the same partition compare as strings: the smaller
 * came first. Positions differ between regions and drivers; the identity of an event is its id, never its position.
 */
export type Position = string & { readonly __position: unique symbol };

/** A record to append. `bytes` is the encoded envelope; the log never looks inside. */
export interface NewRecord {
  readonly topic: string;
  /** Orders records: those with one key keep their order and are delivered by one partition. At most 512 bytes in UTF-8. */
  readonly key: string;
  /** The event's id. Appending it a second time is allowed and may store it twice: consumers drop what they have seen. */
  readonly id: string;
  readonly bytes: Uint8Array;
}

/** The longest key that any driver takes, in bytes of UTF-8. */
export const keyBytesMax = 512;

export interface StoredRecord extends NewRecord {
  readonly partition: number;
  readonly position: Position;
  /** When the log took it, in ms since the epoch. For lag and for start by time; never for order. */
  readonly appendedAt: number;
}

/** A record handed to a subscriber. */
export interface Delivery extends StoredRecord {
  /**
   * Rises whenever this consumer is given the partition anew. Records of an older assignment that are still in the
   * caller's hands must be dropped: they will be delivered again, here or to another consumer.
   */
  readonly assignment: number;
}

export type Start =
  | { readonly at: 'earliest' }
  | { readonly at: 'latest' }
  /** The first record after this position of this partition; other partitions stay as they are. */
  | { readonly at: 'after'; readonly partition: number; readonly position: Position }
  /** The first record that the log took at or after this time (ms since the epoch), in each partition. */
  | { readonly at: 'time'; readonly time: number };

export interface SubscribeOptions {
  readonly topic: string;
  /** Durable name: the cursor belongs to it, and consumers of one name share the partitions. */
  readonly subscription: string;
  /** Where a subscription begins that did not exist before. An existing one goes on at its cursor. */
  readonly start: Exclude<Start, { at: 'after' }>;
  /** Names this consumer in logs and statistics. Unique per process. */
  readonly consumer: string;
}

export interface ReceiveOptions {
  /** At most this many records. */
  readonly recordsMax: number;
  /** Wait at most this long for the first record, in ms; then answer with none. */
  readonly waitMsMax: number;
}

/**
 * A consumer of a subscription, Failover: each partition has at most one active consumer per subscription.
 *
 * An implementer must:
 * - deliver each partition's records in order, and none twice within one assignment;
 * - after a consumer's death or `close`, give its partitions to another within seconds, from the cursor on;
 * - refuse to move a cursor for a consumer that no longer holds the partition (it may have been paused);
 * - share the partitions out when a consumer joins, and end the old assignment before it begins a new one elsewhere, as
 *   far as the old consumer is alive to be told.
 * It need not keep a slow consumer's deliveries from overlapping with its successor's: views are fenced in the view store.
 */
export interface Subscription {
  /** The next records over all assigned partitions. Not to be called again before the last call has answered. */
  receive(options: ReceiveOptions): Promise<readonly Delivery[]>;

  /**
   * Marks records as done; each partition's must be a prefix of what was delivered and not yet acknowledged. Records of a
   * lost assignment are ignored. May be lazy (a crash can lose the last second of it): the authoritative checkpoint is the
   * consumer's own, in its view store.
   */
  acknowledge(deliveries: readonly Delivery[]): Promise<void>;

  /** Gives up the partition's present assignment: whatever was delivered and not acknowledged comes again, under a new one. */
  redeliver(partition: number): Promise<void>;

  /** Partitions that this consumer holds at present. */
  assigned(): readonly number[];

  /**
   * Flushes acknowledgements and gives the partitions back. Records not acknowledged go to the next consumer. A `receive` that
   * waits answers with none.
   */
  close(): Promise<void>;
}

export interface ReadOptions {
  readonly topic: string;
  readonly partition: number;
  /** Read what comes after this position; from the earliest record where absent. */
  readonly after?: Position;
  /** Begin with the record at this position, or the first one behind it; not together with `after`. */
  readonly from?: Position;
  /** Begin with the first record that the log took at or after this time (ms since the epoch); not together with `after` or `from`. */
  readonly since?: number;
}

export interface PartitionHead {
  readonly partition: number;
  /** Position of the newest record; null for an empty partition. */
  readonly head: Position | null;
}

export interface PartitionBacklog {
  readonly partition: number;
  /** The last acknowledged position; null where none was. */
  readonly cursor: Position | null;
  /** Records after the cursor. */
  readonly backlog: number;
  /** When the log took the oldest record after the cursor, ms since the epoch; null without a backlog. */
  readonly oldestAppendedAt: number | null;
}

export type LogHealth = { readonly status: 'up' } | { readonly status: 'down'; readonly reason: string };

/** Where drivers differ, as data. A driver that lacks one says so here and in the table of docs/drivers.md. */
export interface EventLogCapabilities {
  /** Several records given to one `append` become durable together or not at all, over topics and partitions. */
  readonly atomicAppend: boolean;
  /** Largest record in bytes. */
  readonly recordBytesMax: number;
  /** Several processes on one machine, or several machines, can use it at the same time. */
  readonly shared: 'process' | 'machine' | 'network';
}

export interface TopicInfo {
  readonly topic: string;
  readonly partitions: number;
}

/**
 * Ordered, durable, replayable topics.
 *
 * An implementer must:
 * - resolve `append` only when the records are on disk (or on as many disks as its replication asks for);
 * - keep the order of one key, within one `append` and between consecutive awaited ones;
 * - on a failed `append`, reject: with {@link UnavailableError} where trying again may help. The outcome is then unknown:
 *   without `atomicAppend`, a prefix (per partition) may have been stored. A retry with the same ids is harmless;
 * - throw `UnknownTopicError`, `RecordTooLargeError`, `KeyTooLongError` before anything is stored.
 */
export interface EventLog {
  /** Names the driver in logs and in health answers. */
  readonly driver: string;
  readonly capabilities: EventLogCapabilities;

  /** Creates the topic where it is missing. Throws `PartitionCountError` where it exists with another number. */
  createTopic(topic: string, options: { readonly partitions: number }): Promise<void>;

  topics(): Promise<readonly TopicInfo[]>;

  /** Appends in the given order; answers in it. */
  append(records: readonly NewRecord[]): Promise<readonly StoredRecord[]>;

  subscribe(options: SubscribeOptions): Promise<Subscription>;

  /** Reads a partition up to its head at the time of the call, without a subscription. For replay and inspection. */
  read(options: ReadOptions): AsyncIterable<StoredRecord>;

  heads(topic: string): Promise<readonly PartitionHead[]>;

  /** Per partition; empty where the subscription does not exist. */
  backlog(topic: string, subscription: string): Promise<readonly PartitionBacklog[]>;

  /** Moves the subscription's cursor. Active consumers get the partitions under a new assignment. */
  resetCursor(topic: string, subscription: string, to: Start): Promise<void>;

  /** A round trip to the log; answers within 2 s. */
  health(): Promise<LogHealth>;

  /** Waits for appends under way, closes all subscriptions. */
  close(): Promise<void>;
}
