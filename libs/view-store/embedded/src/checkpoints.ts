import type { Environment } from '@ringside/lmdb-environment';
import type { Checkpoint } from '@ringside/view-store';
import type { Database } from 'lmdb';

import { partitionEnd, partitionStart } from './row-key.js';
import { encodeJson, jsonOf } from './row-value.js';

type Bytes = Database<Buffer, Buffer>;

export interface Checkpoints {
  /** Within a write transaction. */
  compare(checkpoints: readonly Checkpoint[]): Compared;
  /** Within a write transaction. */
  takeOver(subscription: string, partition: number): Checkpoint;
  /** Within a write transaction. */
  reset(subscription: string): void;
  list(subscription: string): readonly Checkpoint[];
}

/** Checkpoints beside those that are stored. */
export interface Compared {
  /** The first of them whose epoch is not the stored one. */
  readonly fenced: Checkpoint | undefined;
  /** Where none is fenced. One that would go back stays where it is. */
  readonly move: () => void;
}

export function openCheckpoints(environment: Environment): Checkpoints {
  const table: Bytes = environment.table('checkpoints');

  const stored = (subscription: string, partition: number): Checkpoint | undefined => {
    const key = keyOf(subscription, partition);
    const bytes = table.getBinaryFast(key);
    return bytes && jsonOf<Checkpoint>(key, bytes);
  };
  const store = ({ subscription, partition, epoch, position, ordinal }: Checkpoint): void => {
    const text = JSON.stringify({ subscription, partition, epoch, position, ordinal });
    const key = keyOf(subscription, partition);
    void table.put(key, encodeJson(key, text));
  };
  const list = (subscription: string): readonly Checkpoint[] => {
    const range = table.getRange({ start: partitionStart(subscription), end: partitionEnd(subscription) });
    return Array.from(range, ({ key, value }) => jsonOf<Checkpoint>(key, value));
  };

  return {
    compare: (checkpoints) => {
      const before = checkpoints.map(({ subscription, partition }) => stored(subscription, partition));
      return {
        fenced: checkpoints.find(({ epoch }, i) => before[i]?.epoch !== epoch),
        move: () =>
          checkpoints.forEach((checkpoint, i) => {
            if (before[i]!.ordinal <= checkpoint.ordinal) store(checkpoint);
          }),
      };
    },
    takeOver: (subscription, partition) => {
      const before = stored(subscription, partition) ?? { subscription, partition, epoch: 0, position: null, ordinal: 0 };
      const taken = { ...before, epoch: before.epoch + 1 };
      store(taken);
      return taken;
    },
    reset: (subscription) => {
      for (const before of list(subscription)) store({ ...before, epoch: before.epoch + 1, position: null, ordinal: 0 });
    },
    list,
  };
}

/** The subscription as a row's partition is written, then the partition's number. */
function keyOf(subscription: string, partition: number): Buffer {
  const number = Buffer.alloc(4);
  number.writeUInt32BE(partition, 0);
  return Buffer.concat([partitionStart(subscription), number]);
}
