import { concurrently, type JsonObject } from '@ringside/core';
import { readTogetherRowsMax, type PageOptions, type Row, type RowKey } from '@ringside/view-store';

import { rowStatements } from './row-statements.js';
import { requestsAtOnceMax, type CqlRow, type Session } from './session.js';
import type { OnTable } from './tables.js';

export interface RowReads {
  getMany(keys: readonly RowKey[]): Promise<readonly (Row | undefined)[]>;
  page(table: string, partition: string, options: PageOptions): Promise<readonly Row[]>;
  scan(table: string): AsyncIterable<readonly Row[]>;
}

export function rowReads(keyspace: string, session: Session, onTable: OnTable): RowReads {
  async function getMany(keys: readonly RowKey[]): Promise<readonly (Row | undefined)[]> {
    const found = new Map<string, Row>();
    await concurrently(requestsFor(keys), requestsAtOnceMax, async ({ table, partition, keys: some }) => {
      const statement = rowStatements(keyspace, table).get(partition, some);
      for (const row of await onTable(table, () => session.read(statement))) {
        const read = rowOf(partition, row);
        found.set(nameOf({ table, partition, key: read.key }), read);
      }
    });
    // A key that is asked for twice is answered with two values: what a caller does with one must not show in the other.
    const given = new Set<Row>();
    return keys.map((key) => {
      const row = found.get(nameOf(key));
      if (row === undefined || !given.has(row)) {
        if (row !== undefined) given.add(row);
        return row;
      }
      return { ...row, value: structuredClone(row.value) };
    });
  }

  return {
    getMany,
    page: async (table, partition, options) => {
      const statement = rowStatements(keyspace, table).page(partition, options);
      const rows = await onTable(table, () => session.read(statement, { limit: options.limit }));
      return rows.map((row) => rowOf(partition, row));
    },
    scan: async function* (table) {
      const pages = session.pages(rowStatements(keyspace, table).scan())[Symbol.asyncIterator]();
      for (;;) {
        const page = await onTable(table, () => pages.next());
        if (page.done === true) return;
        yield page.value.map((row) => rowOf(row.get('partition') as string, row));
      }
    },
  };
}

interface KeysOfPartition {
  readonly table: string;
  readonly partition: string;
  readonly keys: string[];
}

/** Keys of one partition go together: it is one read for its replica, and a case and the marks beside it are one partition. */
function requestsFor(keys: readonly RowKey[]): readonly KeysOfPartition[] {
  const requests: KeysOfPartition[] = [];
  const open = new Map<string, KeysOfPartition>();
  const asked = new Set<string>();
  for (const row of keys) {
    const name = nameOf(row);
    if (asked.has(name)) continue;
    asked.add(name);
    const { table, partition, key } = row;
    const partitionName = `${table}\0${partition}`;
    let request = open.get(partitionName);
    if (request === undefined || request.keys.length === readTogetherRowsMax) {
      request = { table, partition, keys: [] };
      open.set(partitionName, request);
      requests.push(request);
    }
    request.keys.push(key);
  }
  return requests;
}

// A partition may hold a NUL, so its length comes first.
const nameOf = ({ table, partition, key }: RowKey): string => `${table}\0${partition.length}\0${partition}\0${key}`;

function rowOf(partition: string, row: CqlRow): Row {
  return {
    partition,
    key: row.get('key') as string,
    value: JSON.parse(row.get('value') as string) as JsonObject,
    timestamp: Number(row.get('written')),
  };
}
