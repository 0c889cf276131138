import { UnavailableError } from '@ringside/core';
import type { NewRecord } from '@ringside/event-log';
import { createBackoff } from '../backoff.js';
import type { MessageId } from '../message-id.js';
import type { PartitionTopic, Sender } from '../transport.js';
import { pathOf, readSendAnswer, sendFrame } from './messages.js';
import type { OpenSocket, Socket } from './socket.js';

export interface SenderOptions {
  readonly open: OpenSocket;
  readonly at: PartitionTopic;
  /** How long a record may wait for its acknowledgement, its connection included, in ms. */
  readonly sendMsMax: number;
}

/** Sent and not yet acknowledged. Fewer than the 1,000 that Pulsar's producer takes before it refuses single ones. */
const inFlightMax = 500;
const inFlightBytesMax = 8 * 1024 * 1024;

interface Pending {
  readonly record: NewRecord;
  readonly appendedAt: number;
  readonly since: number;
  readonly resolve: (id: MessageId) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Records of one partition over one connection, many under way at a time. Pulsar's producer is told never to give up
 * (`sendTimeoutMillis=0`): a record that it gave up could be followed by one that it stored. It is this side that gives up, by
 * cutting the connection, and then on everything: whoever waits learns that the outcome is unknown, and nothing is sent anew.
 */
export function createSender(options: SenderOptions): Sender {
  const path = `/producer/${pathOf(options.at)}?batchingEnabled=false&blockIfQueueFull=false&maxPendingMessages=1000&sendTimeoutMillis=0`;
  const backoff = createBackoff();
  let waiting: Pending[] = [];
  let inFlight = new Map<number, Pending>();
  let inFlightBytes = 0;
  let sent = 0;
  let socket: Socket | undefined;
  let opening = false;
  let failedUntil = 0;
  let failure = '';
  let watch: NodeJS.Timeout | undefined;
  let closed = false;
  let drained: (() => void) | undefined;

  function failAll(reason: string): void {
    const lost = [...inFlight.values(), ...waiting];
    const unknown = inFlight.size > 0 ? ' What was under way may be stored or not; sending it again does no harm.' : '';
    inFlight = new Map();
    inFlightBytes = 0;
    waiting = [];
    socket?.cut();
    socket = undefined;
    for (const { reject } of lost) {
      reject(new UnavailableError('event-log', `Pulsar did not acknowledge a record: ${reason}.${unknown}`));
    }
    settle();
  }

  function settle(): void {
    if (inFlight.size > 0 || waiting.length > 0) return;
    clearTimeout(watch);
    watch = undefined;
    drained?.();
  }

  /** One timer for the oldest record instead of one for each. */
  function watchOldest(): void {
    if (watch !== undefined) return;
    const oldest = inFlight.values().next().value ?? waiting[0];
    if (oldest === undefined) return;
    const leftMs = oldest.since + options.sendMsMax - performance.now();
    watch = setTimeout(
      () => {
        watch = undefined;
        const first = inFlight.values().next().value ?? waiting[0];
        if (first !== undefined && performance.now() - first.since >= options.sendMsMax) {
          failAll(`there was no answer within ${options.sendMsMax} ms`);
        } else watchOldest();
      },
      Math.max(1, leftMs),
    );
  }

  async function open(): Promise<void> {
    opening = true;
    let mine: Socket | undefined;
    let ended: string | undefined;
    try {
      mine = await options.open(path, {
        onText: (text) => {
          if (socket === mine) answered(text);
        },
        onClosed: (reason) => {
          ended = reason;
          if (socket !== undefined && socket === mine) failAll(reason);
        },
      });
      if (ended !== undefined) throw new Error(ended);
      opening = false;
      socket = mine;
      backoff.reset();
      if (closed && waiting.length === 0) await mine.close();
      else pump();
    } catch (error) {
      opening = false;
      failure = (error as Error).message;
      failedUntil = performance.now() + backoff.next();
      failAll(failure);
    }
  }

  function answered(text: string): void {
    const answer = readSendAnswer(text);
    if ('refusal' in answer) {
      failAll(`it was refused (${answer.refusal})`);
      return;
    }
    const pending = inFlight.get(answer.context);
    if (pending === undefined) return;
    inFlight.delete(answer.context);
    inFlightBytes -= pending.record.bytes.length;
    pending.resolve(answer.messageId);
    pump();
    settle();
  }

  function pump(): void {
    if (socket === undefined) return;
    let count = 0;
    while (count < waiting.length && inFlight.size < inFlightMax && inFlightBytes < inFlightBytesMax) {
      const pending = waiting[count++]!;
      inFlight.set(++sent, pending);
      inFlightBytes += pending.record.bytes.length;
      socket.send(sendFrame(pending.record, sent, pending.appendedAt));
    }
    if (count > 0) waiting = count === waiting.length ? [] : waiting.slice(count);
  }

  return {
    send: (record, appendedAt) =>
      new Promise((resolve, reject) => {
        if (closed) return reject(new UnavailableError('event-log', 'The event log is closed.'));
        if (socket === undefined && !opening && performance.now() < failedUntil) {
          return reject(new UnavailableError('event-log', failure));
        }
        waiting.push({ record, appendedAt, since: performance.now(), resolve, reject });
        watchOldest();
        if (socket !== undefined) pump();
        else if (!opening) void open();
      }),
    close: async () => {
      closed = true;
      await new Promise<void>((resolve) => {
        drained = resolve;
        settle();
      });
      await socket?.close();
    },
  };
}
