import type { PageOptions, RowKey } from '@ringside/view-store';

import { qualified } from './ddl.js';
import type { Statement } from './session.js';

/** The statements on one table of rows. There are few texts for each table, so each is prepared once for a connection. */
export function rowStatements(keyspace: string, table: string) {
  const name = qualified(keyspace, table);
  const columns = 'key, value, WRITETIME(value) AS written';
  return {
    put: ({ partition, key }: RowKey, timestamp: number, text: string): Statement => ({
      query: `INSERT INTO ${name} (partition, key, value) VALUES (?, ?, ?) USING TIMESTAMP ?`,
      params: [partition, key, text, BigInt(timestamp)],
    }),
    remove: ({ partition, key }: RowKey, timestamp: number): Statement => ({
      query: `DELETE FROM ${name} USING TIMESTAMP ? WHERE partition = ? AND key = ?`,
      params: [BigInt(timestamp), partition, key],
    }),
    insertOnce: ({ partition, key }: RowKey, text: string): Statement => ({
      query: `INSERT INTO ${name} (partition, key, value) VALUES (?, ?, ?) IF NOT EXISTS`,
      params: [partition, key, text],
    }),
    get: (partition: string, keys: readonly string[]): Statement =>
      keys.length === 1
        ? { query: `SELECT ${columns} FROM ${name} WHERE partition = ? AND key = ?`, params: [partition, keys[0]] }
        : { query: `SELECT ${columns} FROM ${name} WHERE partition = ? AND key IN ?`, params: [partition, keys] },
    page: (partition: string, options: PageOptions): Statement => {
      const { lower, upper } = boundsOf(options);
      const conditions = ['partition = ?', ...[lower, upper].flatMap((bound) => bound?.condition ?? [])].join(' AND ');
      const order = options.descending === true ? ' ORDER BY key DESC' : '';
      return {
        query: `SELECT ${columns} FROM ${name} WHERE ${conditions}${order}`,
        params: [partition, ...[lower, upper].flatMap((bound) => bound?.key ?? [])],
      };
    },
    scan: (): Statement => ({ query: `SELECT partition, ${columns} FROM ${name}`, params: [] }),
  };
}

interface Bound {
  readonly condition: 'key >= ?' | 'key > ?' | 'key < ?';
  readonly key: string;
}

/** `after` is a lower bound where keys rise and an upper one where they fall; CQL takes one of each. */
function boundsOf({ from, to, after, descending = false }: PageOptions): {
  lower: Bound | undefined;
  upper: Bound | undefined;
} {
  let lower: Bound | undefined = from === undefined ? undefined : { condition: 'key >= ?', key: from };
  let upper: Bound | undefined = to === undefined ? undefined : { condition: 'key < ?', key: to };
  if (after !== undefined && descending && (upper === undefined || before(after, upper.key))) {
    upper = { condition: 'key < ?', key: after };
  }
  if (after !== undefined && !descending && (lower === undefined || !before(after, lower.key))) {
    lower = { condition: 'key > ?', key: after };
  }
  return { lower, upper };
}

/** In the order of UTF-8's bytes, as the server has it. */
const before = (a: string, b: string): boolean => Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0;
