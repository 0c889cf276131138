import type { Environment } from '@ringside/lmdb-environment';
import type { Database } from 'lmdb';

import { encodeNumber, numberOf } from './row-value.js';
import type { Table } from './tables.js';

/**
 * How many deletions a store remembers at least, over all its tables, apart from those of `newest`; at most twice as many. A put that comes later than
 * that, with a timestamp below its row's deletion, would bring the row back. Writes are fenced and atomic here, so that
 * needs a caller that puts an old row without a checkpoint, or a replay, which then deletes the row once more.
 */
export const deletionsRememberedMin = 100_000;

/** What one write transaction asks and tells about deleted rows. */
export interface Deletions {
  /** The timestamp of the row's deletion; 0 where none is remembered. */
  timestamp(table: Table, key: Buffer): number;
  remember(table: Table, key: Buffer, timestamp: number): void;
  /** To be called after the last {@link remember}. */
  save(): void;
}

/**
 * Deleted rows are kept apart from the rows, so that no page walks over them. They lie in two generations: new ones go to
 * the younger; when that is full, the older one is emptied in one piece and becomes the younger.
 */
export function openDeletions(environment: Environment, rememberedMin = deletionsRememberedMin): () => Deletions {
  const generations = [environment.table('deletions.0'), environment.table('deletions.1')] as const;
  const catalogue = environment.table('catalogue');
  return () => readDeletions(generations, catalogue, rememberedMin);
}

type Bytes = Database<Buffer, Buffer>;

/** In the catalogue: how often the generations changed places, and how many deletions the younger one took since. */
const turnsKey = Buffer.from('deletions.turns');
const countKey = Buffer.from('deletions.count');

function readDeletions(generations: readonly [Bytes, Bytes], catalogue: Bytes, rememberedMin: number): Deletions {
  const read = (key: Buffer): number => {
    const bytes = catalogue.getBinaryFast(key);
    return bytes === undefined ? 0 : numberOf(key, bytes);
  };
  let turns = read(turnsKey);
  let count = read(countKey);
  let changed = false;
  const younger = (): Bytes => generations[(turns % 2) as 0 | 1];
  const older = (): Bytes => generations[((turns + 1) % 2) as 0 | 1];

  return {
    timestamp: (table, key) => {
      if (turns === 0 && count === 0) return 0;
      const deletion = deletionKey(table, key);
      const bytes = younger().getBinaryFast(deletion) ?? (turns === 0 ? undefined : older().getBinaryFast(deletion));
      return bytes === undefined ? 0 : numberOf(deletion, bytes);
    },
    remember: (table, key, timestamp) => {
      if (count >= rememberedMin) {
        older().clearSync();
        turns++;
        count = 0;
      }
      const deletion = deletionKey(table, key);
      void younger().put(deletion, encodeNumber(deletion, timestamp));
      count++;
      changed = true;
    },
    save: () => {
      if (!changed) return;
      void catalogue.put(turnsKey, encodeNumber(turnsKey, turns));
      void catalogue.put(countKey, encodeNumber(countKey, count));
    },
  };
}

function deletionKey({ id }: Table, key: Buffer): Buffer {
  const bytes = Buffer.allocUnsafe(4 + key.length);
  bytes.writeUInt32BE(id, 0);
  bytes.set(key, 4);
  return bytes;
}
