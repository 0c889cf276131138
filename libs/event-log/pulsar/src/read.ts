import { setTimeout as sleep } from 'node:timers/promises';
import { UnavailableError } from '@ringside/core';
import type { Position, StoredRecord } from '@ringside/event-log';
import { createBackoff } from './backoff.js';
import { type MessageId, messageIdOf } from './message-id.js';
import type { PartitionTopic, Transport } from './transport.js';

export interface ReadRange {
  readonly at: PartitionTopic;
  readonly after: MessageId | undefined;
  /** The last record to be read; not before `after`. */
  readonly head: Position;
}

/** In a row, without a record between them. */
const failuresMax = 5;

/** The records behind `after` up to `head`. Goes on behind the last one where the connection is lost on the way. */
export async function* readUntil(transport: Transport, { at, after, head }: ReadRange): AsyncGenerator<StoredRecord> {
  const backoff = createBackoff();
  let last = after;
  for (let failures = 0; ;) {
    try {
      for await (const record of transport.read(at, last)) {
        if (record.position > head) return;
        yield record;
        if (record.position === head) return;
        last = messageIdOf(record.position);
        failures = 0;
      }
    } catch (error) {
      if (!(error instanceof UnavailableError) || ++failures === failuresMax) throw error;
      await sleep(backoff.next());
    }
  }
}
