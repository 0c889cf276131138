import type { Clock } from '@ringside/core';
import {
  KeyTooLongError,
  keyBytesMax,
  type NewRecord,
  partitionOf,
  RecordTooLargeError,
  type StoredRecord,
} from '@ringside/event-log';
import { positionOf } from './message-id.js';
import type { PlacedTopic, Topics } from './topics.js';
import { nameInPulsar, type Sender, type Transport } from './transport.js';

/** A message's properties share a frame with its bytes. */
const idBytesMax = 1_024;

export interface Appender {
  readonly append: (records: readonly NewRecord[]) => Promise<readonly StoredRecord[]>;
  /** Waits for what is under way. */
  readonly close: () => Promise<void>;
}

export interface AppenderOptions {
  readonly topics: Topics;
  readonly transport: Transport;
  readonly clock: Clock;
}

/**
 * Records go to one sender per partition, which keeps their order. The partition is chosen here and not by Pulsar, by the
 * same function as Pulsar's own clients use.
 */
export function createAppender({ topics, transport, clock }: AppenderOptions): Appender {
  const senders = new Map<string, Sender>();

  function senderOf(topic: PlacedTopic, partition: number): Sender {
    const at = { ...topic, partition };
    const name = nameInPulsar(at);
    let sender = senders.get(name);
    if (sender === undefined) senders.set(name, (sender = transport.sender(at)));
    return sender;
  }

  async function sendOne(record: NewRecord, place: PlacedTopic): Promise<StoredRecord> {
    const { topic, key, id, bytes } = record;
    const partition = partitionOf(key, place.partitions);
    const appendedAt = clock();
    const messageId = await senderOf(place, partition).send(record, appendedAt);
    return { topic, key, id, bytes, partition, position: positionOf(messageId), appendedAt };
  }

  return {
    append: async (records) => {
      for (const record of records) checkSize(record, transport.recordBytesMax);
      const places: PlacedTopic[] = [];
      for (const { topic } of records) places.push(topics.known(topic) ?? (await topics.find(topic)));
      const sending = records.map((record, index) => sendOne(record, places[index]!));
      // All of them are over before the caller may try again, so that nothing of the first try comes after the second.
      const outcomes = await Promise.allSettled(sending);
      const failed = outcomes.find((outcome) => outcome.status === 'rejected');
      if (failed !== undefined) throw failed.reason;
      return Promise.all(sending);
    },
    close: async () => {
      await Promise.all([...senders.values()].map((sender) => sender.close()));
    },
  };
}

function checkSize({ key, id, bytes }: NewRecord, recordBytesMax: number): void {
  const keyBytes = key.length > keyBytesMax / 3 ? Buffer.byteLength(key) : 0;
  if (keyBytes > keyBytesMax) throw new KeyTooLongError(keyBytes, keyBytesMax);
  if (bytes.length > recordBytesMax) throw new RecordTooLargeError(bytes.length, recordBytesMax);
  if (id.length > idBytesMax / 3)
    throw new RangeError(`The id of a record has at most ${Math.floor(idBytesMax / 3)} characters.`);
}
