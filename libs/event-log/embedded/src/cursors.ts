import type { Start } from '@ringside/event-log';
import { type CursorFile, cursorRows } from './cursor-file.js';
import type { Reader } from './reader.js';
import { offsetOf } from './storage-key.js';

export interface SubscriptionName {
  readonly topic: string;
  readonly subscription: string;
  /** Partitions of the topic. */
  readonly partitions: number;
}

/** Makes the subscription where it is missing; an existing one stays as it is. */
export async function createSubscription(
  file: CursorFile,
  reader: Reader,
  name: SubscriptionName,
  start: Start,
): Promise<void> {
  const { topic, subscription, partitions } = name;
  file.environment.refresh();
  if (file.environment.read(() => file.cursors.doesExist([topic, subscription, 0]))) return;
  // Found out before the transaction: what is appended from here on belongs to the subscription in any case.
  const offsets = offsetsOf(reader, name, start);
  await file.environment.write(() => {
    if (file.cursors.doesExist([topic, subscription, 0])) return;
    for (let partition = 0; partition < partitions; partition++) {
      const next = offsets.get(partition) ?? 0;
      file.cursors.put([topic, subscription, partition], { next, epoch: 0, owner: null, expiresAt: 0 });
    }
  });
}

/** Moves cursors. The epoch rises, so whoever holds a partition can no longer move it and begins anew at its next beat. */
export async function moveCursors(file: CursorFile, reader: Reader, name: SubscriptionName, to: Start): Promise<void> {
  await createSubscription(file, reader, name, { at: 'earliest' });
  const offsets = offsetsOf(reader, name, to);
  await file.environment.write(() => {
    for (const [partition, next] of offsets) {
      const key = [name.topic, name.subscription, partition];
      const row = file.cursors.get(key)!;
      file.cursors.put(key, { ...row, next, epoch: row.epoch + 1 });
    }
  });
}

/** The offset of the first unacknowledged record per partition; empty where the subscription does not exist. */
export function readCursors(file: CursorFile, topic: string, subscription: string): readonly number[] {
  file.environment.refresh();
  return file.environment.read(() => cursorRows(file, topic, subscription)).map(({ next }) => next);
}

function offsetsOf(reader: Reader, { topic, partitions }: SubscriptionName, start: Start): ReadonlyMap<number, number> {
  if (start.at === 'after') {
    if (!(start.partition >= 0 && start.partition < partitions)) {
      throw new RangeError(`Topic "${topic}" has no partition ${start.partition}.`);
    }
    const after = offsetOf(start.position) + 1;
    return new Map([[start.partition, Math.min(after, reader.end(topic, start.partition))]]);
  }
  const offsets = new Map<number, number>();
  for (let partition = 0; partition < partitions; partition++) {
    if (start.at === 'earliest') offsets.set(partition, 0);
    else if (start.at === 'latest') offsets.set(partition, reader.end(topic, partition));
    else offsets.set(partition, reader.offsetAt(topic, partition, start.time));
  }
  return offsets;
}
