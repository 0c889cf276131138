import { UnavailableError } from '@ringside/core';
import type { NewRecord } from '@ringside/event-log';
import { createBackoff } from '../backoff.js';
import { decodeMessageId, type MessageId } from '../message-id.js';
import type { Sender } from '../transport.js';
import type { NativeClient, NativeProducer } from './pulsar-client.js';

export interface NativeSenderOptions {
  readonly client: NativeClient;
  /** `persistent://...-partition-0`. */
  readonly topic: string;
  readonly sendMsMax: number;
}

/** Fewer than what the producer takes before it refuses single records, or blocks the event loop. */
const inFlightMax = 900;
const maxPendingMessages = 1_000;

interface Pending {
  readonly record: NewRecord;
  readonly appendedAt: number;
  readonly resolve: (id: MessageId) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Records of one partition through one producer, which batches them. When one fails, all fail: the producer is closed, which
 * rejects what is under way, and so is what still waits here. So nothing is stored behind a record that was not.
 */
export function createNativeSender({ client, topic, sendMsMax }: NativeSenderOptions): Sender {
  const backoff = createBackoff();
  let producer: NativeProducer | undefined;
  let opening: Promise<void> | undefined;
  let failedUntil = 0;
  let failure = '';
  let waiting: Pending[] = [];
  let inFlight = 0;
  let closed = false;
  let drained: (() => void) | undefined;

  const unavailable = (reason: string): UnavailableError =>
    new UnavailableError(
      'event-log',
      `Pulsar did not acknowledge a record: ${reason}. It may be stored or not; sending it again does no harm.`,
    );

  function failWaiting(reason: string): void {
    const lost = waiting;
    waiting = [];
    for (const { reject } of lost) reject(unavailable(reason));
    settle();
  }

  function settle(): void {
    if (inFlight === 0 && waiting.length === 0) drained?.();
  }

  async function open(): Promise<void> {
    try {
      producer = await client.createProducer({
        topic,
        sendTimeoutMs: sendMsMax,
        maxPendingMessages,
        blockIfQueueFull: false,
        batchingEnabled: true,
        batchingMaxPublishDelayMs: 2,
        batchingMaxMessages: 500,
        compressionType: 'LZ4',
      });
      backoff.reset();
      pump();
    } catch (error) {
      failure = reasonOf(error);
      failedUntil = performance.now() + backoff.next();
      failWaiting(failure);
    } finally {
      opening = undefined;
    }
  }

  function pump(): void {
    while (producer !== undefined && inFlight < inFlightMax && waiting.length > 0) void sendOne(producer, waiting.shift()!);
  }

  async function sendOne(through: NativeProducer, { record, appendedAt, resolve, reject }: Pending): Promise<void> {
    inFlight++;
    try {
      const { key, id, bytes } = record;
      const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const sent = await through.send({ data, partitionKey: key, properties: { id }, eventTimestamp: appendedAt });
      resolve(decodeMessageId(sent.serialize()));
    } catch (error) {
      reject(unavailable(reasonOf(error)));
      if (producer === through) {
        // It may be closed for good, or send later what it still holds. Whatever comes next has a producer of its own.
        producer = undefined;
        void through.close().catch(() => undefined);
        failWaiting(reasonOf(error));
      }
    } finally {
      inFlight--;
      pump();
      settle();
    }
  }

  return {
    send: (record, appendedAt) =>
      new Promise((resolve, reject) => {
        if (closed) return reject(new UnavailableError('event-log', 'The event log is closed.'));
        if (producer === undefined && opening === undefined && performance.now() < failedUntil)
          return reject(unavailable(failure));
        waiting.push({ record, appendedAt, resolve, reject });
        if (producer !== undefined) pump();
        else opening ??= open();
      }),
    close: async () => {
      closed = true;
      await new Promise<void>((resolve) => {
        drained = resolve;
        settle();
      });
      await producer?.close().catch(() => undefined);
    },
  };
}

export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
