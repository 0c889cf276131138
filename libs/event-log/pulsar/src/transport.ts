import type { NewRecord, StoredRecord } from '@ringside/event-log';
import type { MessageId } from './message-id.js';

/** One partition of a topic, which to Pulsar is a topic of its own. */
export interface PartitionTopic {
  readonly topic: string;
  readonly partition: number;
  readonly tenant: string;
  readonly namespace: string;
}

/** `persistent://tenant/namespace/topic-partition-0`, or with another separator as part of a path. */
export const nameInPulsar = ({ topic, partition }: PartitionTopic): string => `${topic}-partition-${partition}`;

/** Appends to one partition, in the order of the calls. */
export interface Sender {
  /**
   * Resolves with the message's id when the broker has it on disk. Rejects with `UnavailableError` and an unknown outcome;
   * then every record that was sent after this one is rejected as well.
   */
  send(record: NewRecord, appendedAt: number): Promise<MessageId>;
  /** Waits for what is under way. */
  close(): Promise<void>;
}

/** What a partition hands over. `handle` is what the transport needs to acknowledge the record. */
export interface Arrival {
  readonly record: StoredRecord;
  readonly handle: unknown;
}

export interface ConsumerHandlers {
  readonly onArrival: (arrival: Arrival) => void;
  /** Once, when the connection is over without `close`. */
  readonly onClosed: (reason: string) => void;
}

/** A consumer's connection to one partition, from its opening to its end; it is never opened again. */
export interface Channel {
  /** Lets this many further records come. */
  request(records: number): void;
  /** In order, without gaps. Lazy. */
  acknowledge(handles: readonly unknown[]): void;
  /** Sends the acknowledgements off and tells the broker. */
  close(): Promise<void>;
}

export interface ConsumeOptions {
  readonly at: PartitionTopic;
  readonly subscription: string;
  readonly consumer: string;
}

/** What the two ways to reach Pulsar do differently; everything else is the same. */
export interface Transport {
  readonly driver: string;
  readonly recordBytesMax: number;
  sender(at: PartitionTopic): Sender;
  /** Joins a Failover subscription that exists. Rejects with `UnavailableError`. */
  consume(options: ConsumeOptions, handlers: ConsumerHandlers): Promise<Channel>;
  /** The records behind a message, or all; goes on without end until the caller leaves. Throws `UnavailableError`. */
  read(at: PartitionTopic, after: MessageId | undefined): AsyncIterable<StoredRecord>;
  close(): Promise<void>;
  /** Cuts every connection as the process's death would. */
  abandon(): void;
}
