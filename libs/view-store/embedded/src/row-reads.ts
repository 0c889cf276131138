import { type PageOptions, type Row, UnknownTableError } from '@ringside/view-store';

import { decodeKey, encodeKey, partitionEnd, partitionStart } from './row-key.js';
import { timestampOf, valueOf } from './row-value.js';
import type { Rows, Table, Tables } from './tables.js';

export function getRow({ rows }: Table, partition: string, key: string): Row | undefined {
  const place = encodeKey(partition, key);
  const bytes = rows.getBinaryFast(place);
  return bytes && { partition, key, value: valueOf(place, bytes), timestamp: timestampOf(bytes) };
}

export function readPage({ rows }: Table, partition: string, options: PageOptions): readonly Row[] {
  const { limit, descending = false } = options;
  const lowest = options.from === undefined ? partitionStart(partition) : encodeKey(partition, options.from);
  const highest = options.to === undefined ? partitionEnd(partition) : encodeKey(partition, options.to);
  const after = options.after === undefined ? undefined : encodeKey(partition, options.after);
  const range = descending
    ? { start: lesser(highest, after), end: lowest, exclusiveStart: true, inclusiveEnd: true, reverse: true }
    : { start: greater(lowest, after), end: highest, exclusiveStart: after !== undefined && after.compare(lowest) >= 0 };
  if (descending ? range.start.compare(lowest) <= 0 : range.start.compare(highest) >= 0) return [];
  const page: Row[] = [];
  for (const { key, value } of rows.getRange({ ...range, limit })) page.push(decodeRow(key, value));
  return page;
}

/** Rows that a scan reads in one go. A read transaction that stays open keeps LMDB from using freed pages again. */
const scanRowsMax = 500;

export async function* scanRows(tables: Tables, name: string, read: <T>(work: () => T) => T): AsyncGenerator<Row> {
  const { id } = read(() => tables.open([name]).table(name));
  let after: Buffer | undefined;
  for (;;) {
    const entries = read(() => {
      const table = tables.open([name]).table(name);
      if (table.id !== id) throw new UnknownTableError(name); // dropped meanwhile; this is another one of the same name
      return nextEntries(table.rows, after);
    });
    for (const { key, value } of entries) yield decodeRow(key, value);
    if (entries.length < scanRowsMax) return;
    after = entries.at(-1)!.key;
    await new Promise(setImmediate); // a long scan lets others have their turn
  }
}

interface Entry {
  readonly key: Buffer;
  readonly value: Buffer;
}

function nextEntries(rows: Rows, after: Buffer | undefined): readonly Entry[] {
  const from = after === undefined ? {} : { start: after, exclusiveStart: true };
  return [...rows.getRange({ ...from, limit: scanRowsMax })];
}

function decodeRow(place: Buffer, bytes: Buffer): Row {
  const { partition, key } = decodeKey(place);
  return { partition, key, value: valueOf(place, bytes), timestamp: timestampOf(bytes) };
}

const lesser = (a: Buffer, b: Buffer | undefined): Buffer => (b === undefined || a.compare(b) <= 0 ? a : b);

const greater = (a: Buffer, b: Buffer | undefined): Buffer => (b === undefined || a.compare(b) >= 0 ? a : b);
