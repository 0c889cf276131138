import type { Environment } from '@ringside/lmdb-environment';
import {
  checkCheckpoints,
  checkPage,
  checkRowKey,
  checkTableName,
  checkValue,
  type InsertOutcome,
  jsonText,
  type RowKey,
  type ViewStore,
  type WriteOutcome,
} from '@ringside/view-store';

import type { Checkpoints } from './checkpoints.js';
import { openDeletions } from './deletions.js';
import type { Read } from './read.js';
import { encodeKey } from './row-key.js';
import { getRow, readPage, scanRows } from './row-reads.js';
import { encodeRow, valueOf } from './row-value.js';
import { prepareNewest } from './newest-rows.js';
import { applyWrites, prepareWrite } from './row-writes.js';
import { openTables, type Tables, type TableSet } from './tables.js';
import { unlikeRows } from './unlike-rows.js';

type TableCalls = Pick<ViewStore, 'createTables' | 'dropTables' | 'tables'>;
type ReadCalls = Pick<ViewStore, 'get' | 'getMany' | 'page' | 'scan' | 'unlike'>;
type WriteCalls = Pick<ViewStore, 'write' | 'insertOnce'>;

export function rowCalls(environment: Environment, read: Read, checkpoints: Checkpoints): TableCalls & ReadCalls & WriteCalls {
  const tables = openTables(environment, read);
  return { ...tableCalls(tables), ...readCalls(tables, read), ...writeCalls(environment, tables, read, checkpoints) };
}

function tableCalls(tables: Tables): TableCalls {
  return {
    createTables: async (names) => {
      names.forEach(checkTableName);
      await tables.create(names);
    },
    dropTables: async (names) => {
      names.forEach(checkTableName);
      await tables.drop(names);
    },
    tables: async () => tables.names(),
  };
}

function readCalls(tables: Tables, read: Read): ReadCalls {
  const getMany: ViewStore['getMany'] = async (keys) => {
    keys.forEach(checkRowKey);
    return read(() => {
      const set = tables.open(namesOf(keys));
      return keys.map(({ table, partition, key }) => getRow(set.table(table), partition, key));
    });
  };
  return {
    get: async (key) => (await getMany([key]))[0],
    getMany,
    page: async (table, partition, options) => {
      checkPage(table, partition, options);
      return read(() => readPage(tables.open([table]).table(table), partition, options));
    },
    scan: async function* (table) {
      checkTableName(table);
      yield* scanRows(tables, table, read);
    },
    unlike: async function* (left, right) {
      checkTableName(left);
      checkTableName(right);
      yield* unlikeRows(tables, { left, right }, read);
    },
  };
}

function writeCalls(environment: Environment, tables: Tables, read: Read, checkpoints: Checkpoints): WriteCalls {
  const deletions = openDeletions(environment);

  /** Runs the work within a write transaction, over tables that are the same within it as they were before it. */
  async function writeTables<T extends object>(names: Iterable<string>, work: (set: TableSet) => T): Promise<T> {
    for (;;) {
      const set = read(() => tables.open(names));
      const outcome = await environment.write(() => (tables.isCurrent(set) ? work(set) : undefined));
      if (outcome !== undefined) return outcome;
    }
  }

  return {
    write: async (first, { last = [], newest = [], checkpoints: moved = [] } = {}) => {
      checkCheckpoints(moved);
      const rows = last.length === 0 ? first : [...first, ...last];
      const writes = rows.map(prepareWrite);
      const unseen = prepareNewest(newest);
      if (writes.length === 0 && newest.length === 0 && moved.length === 0) return { outcome: 'written' };
      return writeTables(namesOf([...rows, ...newest]), (set): WriteOutcome => {
        const { fenced, move } = checkpoints.compare(moved);
        if (fenced) return { outcome: 'fenced', subscription: fenced.subscription, partition: fenced.partition };
        if (writes.length > 0) applyWrites(writes, set, deletions());
        unseen.apply(set);
        move();
        return { outcome: 'written' };
      });
    },
    insertOnce: async (row) => {
      checkRowKey(row);
      checkValue('value', row.value);
      const key = encodeKey(row.partition, row.key);
      const bytes = encodeRow(key, 0, jsonText('value', row.value));
      const existing = (set: TableSet): InsertOutcome | undefined => {
        const stored = set.table(row.table).rows.getBinaryFast(key);
        return stored && { outcome: 'exists', value: valueOf(key, stored) };
      };
      // What is there stays, so it can be answered without a transaction.
      const known = read(() => existing(tables.open([row.table])));
      if (known !== undefined) return known;
      return writeTables([row.table], (set): InsertOutcome => {
        const stored = existing(set);
        if (stored !== undefined) return stored;
        void set.table(row.table).rows.put(key, bytes);
        return { outcome: 'inserted' };
      });
    },
  };
}

function namesOf(keys: readonly RowKey[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { table } of keys) names.add(table);
  return names;
}
