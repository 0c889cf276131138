import { UnavailableError } from '@ringside/core';
import type { StoredRecord } from '@ringside/event-log';
import { encodeMessageId, type MessageId } from '../message-id.js';
import type { PartitionTopic } from '../transport.js';
import { createWakeups } from '@ringside/event-log';
import { pathOf, readReceived, type Received } from './messages.js';
import type { OpenSocket } from './socket.js';

/** Pulsar sends this many records ahead of those that were acknowledged, and then waits. */
const receiverQueueSize = 500;
const silenceMsMax = 15_000;

/** Reads one partition over one connection, behind `after` or from its beginning, until the caller leaves. */
export async function* readOverSocket(
  open: OpenSocket,
  at: PartitionTopic,
  after: MessageId | undefined,
): AsyncGenerator<StoredRecord> {
  const messageId = after === undefined ? 'earliest' : encodeMessageId(after, at.partition).toString('base64');
  const query = new URLSearchParams({ messageId, receiverQueueSize: String(receiverQueueSize) });
  const wakeups = createWakeups();
  let arrived: Received[] = [];
  let end: string | undefined;
  const socket = await open(`/reader/${pathOf(at)}?${query}`, {
    onText: (text) => {
      const received = readReceived(text, at);
      if (received !== undefined) arrived.push(received);
      wakeups.wake();
    },
    onClosed: (reason) => {
      end = reason;
      wakeups.wake();
    },
  });
  try {
    for (;;) {
      const woken = wakeups.next();
      const batch = arrived;
      arrived = [];
      for (const { record, messageId } of batch) {
        yield record;
        // Without it the reader stalls.
        socket.send(`{"messageId":"${messageId}"}`);
      }
      if (batch.length > 0) continue;
      if (end !== undefined) throw new UnavailableError('event-log', `Reading from Pulsar ended early: ${end}.`);
      await woken.within(silenceMsMax);
      if (arrived.length === 0 && end === undefined) {
        throw new UnavailableError('event-log', `Pulsar's reader sent nothing for ${silenceMsMax} ms.`);
      }
    }
  } finally {
    socket.cut();
  }
}
