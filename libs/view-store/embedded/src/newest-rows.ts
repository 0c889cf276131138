import { checkRowWrite, jsonText, type RowWrite } from '@ringside/view-store';

import { encodeKey, keyBytesMax, writeKey } from './row-key.js';
import { rowBytesMax, writeRow } from './row-value.js';
import type { TableSet } from './tables.js';

/** Rows in the bytes that go to disk, of which nothing newer is there. */
export interface NewestRows {
  /** Within a write transaction. Puts or removes them without looking for what is there. */
  apply(tables: TableSet): void;
}

/** What lmdb-js takes as a value without making an object of each: a piece of one buffer, from `start` to `end`. */
type Arena = Buffer & { start: number; end: number };

const arenaBytesMin = 64 * 1024;

/** All rows in one buffer, so that neither keys nor values are allocated one by one: a rebuild writes millions of them. */
export function prepareNewest(rows: readonly RowWrite[]): NewestRows {
  const removed: { readonly table: string; readonly key: Buffer }[] = [];
  const arenas: Filled[] = [];
  let filling: Filled | undefined;
  for (const row of rows) {
    checkRowWrite(row);
    const { table, partition, key, timestamp } = row;
    if (row.kind === 'delete') {
      removed.push({ table, key: encodeKey(partition, key) });
      continue;
    }
    const text = jsonText('value', row.value);
    const bytesMax = keyBytesMax(partition, key) + rowBytesMax(text);
    if (filling === undefined || filling.bytes.length - filling.used < bytesMax) {
      filling = arenaOf(Math.max(bytesMax, Math.min(arenaBytesMax, rows.length * rowBytesUsual)));
      arenas.push(filling);
    }
    const { bytes, used } = filling;
    const keyEnd = writeKey(bytes, used, partition, key);
    const end = writeRow(bytes, { start: used, end: keyEnd }, timestamp, text);
    filling.used = end;
    filling.tables.push(table);
    filling.ends.push(keyEnd, end);
  }
  return {
    apply: (tables) => {
      for (const { table, key } of removed) void tables.table(table).rows.remove(key);
      for (const { bytes, tables: names, ends } of arenas) {
        let start = 0;
        for (let i = 0; i < names.length; i++) {
          const keyEnd = ends[2 * i]!;
          bytes.start = keyEnd;
          bytes.end = ends[2 * i + 1]!;
          void tables.table(names[i]!).rows.put(bytes.subarray(start, keyEnd), bytes);
          start = bytes.end;
        }
      }
    },
  };
}

interface Filled {
  readonly bytes: Arena;
  used: number;
  readonly tables: string[];
  /** Of each row where its key ends, and where its value does: a value begins where its key ends, a key where the row before it did. */
  readonly ends: number[];
}

const rowBytesUsual = 512;
const arenaBytesMax = 8 * 1024 * 1024;

function arenaOf(bytesWanted: number): Filled {
  // Not from Node's pool: lmdb-js asks for the address of what is beneath a buffer, and takes `start` from there.
  const bytes = Object.assign(Buffer.allocUnsafeSlow(Math.max(arenaBytesMin, bytesWanted)), { start: 0, end: 0 });
  return { bytes, used: 0, tables: [], ends: [] };
}
