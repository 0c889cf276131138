import { checkRowWrite, jsonText, type RowWrite } from '@ringside/view-store';

import type { Deletions } from './deletions.js';
import { encodeKey } from './row-key.js';
import { encodeRow, timestampOf } from './row-value.js';
import type { TableSet } from './tables.js';

/** A write in the bytes that go to disk. Made before the transaction, so that the write lock is not held meanwhile. */
export interface PreparedWrite {
  readonly table: string;
  readonly key: Buffer;
  readonly timestamp: number;
  /** Undefined for a deletion. */
  readonly bytes: Buffer | undefined;
}

export function prepareWrite(write: RowWrite): PreparedWrite {
  checkRowWrite(write);
  const { table, partition, timestamp } = write;
  const key = encodeKey(partition, write.key);
  const bytes = write.kind === 'put' ? encodeRow(key, timestamp, jsonText('value', write.value)) : undefined;
  return { table, key, timestamp, bytes };
}

/** Within a write transaction. Of two writes with the same timestamp the first one stays. */
export function applyWrites(writes: readonly PreparedWrite[], tables: TableSet, deletions: Deletions): void {
  for (const { table: name, key, timestamp, bytes } of writes) {
    const table = tables.table(name);
    const stored = table.rows.getBinaryFast(key);
    const newest = stored === undefined ? deletions.timestamp(table, key) : timestampOf(stored);
    if (newest >= timestamp) continue;
    if (bytes !== undefined) {
      void table.rows.put(key, bytes);
    } else {
      if (stored !== undefined) void table.rows.remove(key);
      deletions.remember(table, key, timestamp);
    }
  }
  deletions.save();
}
