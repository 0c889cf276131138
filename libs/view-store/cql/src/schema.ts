import { setTimeout as delay } from 'node:timers/promises';
import { UnavailableError, uuidv7 } from '@ringside/core';

import type { CqlSettings } from './cql-url.js';
import {
  createKeyspace,
  createRowTable,
  createSchemaTable,
  dropTable,
  type Migration,
  migrations,
  ownTables,
  qualified,
} from './ddl.js';
import type { Session, Statement } from './session.js';

export interface Schema {
  /** The keyspace and the driver's own tables. */
  migrate(): Promise<void>;
  /** Names of the tables of rows. */
  tables(): Promise<readonly string[]>;
  create(names: readonly string[]): Promise<void>;
  drop(names: readonly string[]): Promise<void>;
}

const lockItem = 'lock';

/**
 * A process that dies with the lock loses it after this, in seconds. It is renewed before each change, so it outlasts the renewal
 * and one change: half a minute, as long again at another node, and the nodes' agreement on it.
 */
const lockSecondsMax = 90;

/** How long to wait for others that change the schema, in ms: for one that died, too; and between looks. */
const lockMsMax = 120_000;
const lockPollMs = 100;

const migrationItem = (number: number): string => `migration/${String(number).padStart(4, '0')}`;

export function openSchema(settings: CqlSettings, session: Session): Schema {
  const { keyspace } = settings;
  const schemaTable = qualified(keyspace, ownTables.schema);

  async function tables(): Promise<readonly string[]> {
    const query = 'SELECT table_name FROM system_schema.tables WHERE keyspace_name = ?';
    const rows = await session.read({ query, params: [keyspace] });
    return rows.map((row) => row.get('table_name') as string).filter((name) => !name.startsWith('_'));
  }

  /**
   * Runs changes of the keyspace's schema while nobody else changes it: each by the `define` that it gives, which throws
   * `UnavailableError` where the lock is no longer held.
   */
  async function locked(work: (define: Session['define']) => Promise<void>): Promise<void> {
    const owner = uuidv7();
    const insert = {
      query: `INSERT INTO ${schemaTable} (item, detail) VALUES (?, ?) IF NOT EXISTS USING TTL ${lockSecondsMax}`,
      params: [lockItem, owner],
    };
    const deadline = Date.now() + lockMsMax;
    while (!(await isTaken(insert, owner))) {
      if (Date.now() > deadline) {
        throw new UnavailableError('view-store', `Another process has been changing the schema of ${keyspace} for too long.`);
      }
      await delay(lockPollMs * (0.5 + Math.random()));
    }
    try {
      await work(async (query) => {
        await renew(owner);
        await session.define(query);
      });
    } finally {
      const release = `DELETE FROM ${schemaTable} WHERE item = ? IF detail = ?`;
      // Where this fails, the lock expires.
      await session.transact([{ query: release, params: [lockItem, owner] }]).catch(() => undefined);
    }
  }

  /** Two that make one table at the same time give it two ids, of which one loses its rows: whoever lost the lock stops there. */
  async function renew(owner: string): Promise<void> {
    const query = `UPDATE ${schemaTable} USING TTL ${lockSecondsMax} SET detail = ? WHERE item = ? IF detail = ?`;
    const { applied } = await session.transact([{ query, params: [owner, lockItem, owner] }]);
    if (applied) return;
    throw new UnavailableError('view-store', `The lock on the schema of ${keyspace} was lost while it was being changed.`);
  }

  /** An insertion of which nobody knows what became is made again: it can only find itself, or somebody else's. */
  async function isTaken(insert: Statement, owner: string): Promise<boolean> {
    const { applied, row } = await session.transact([insert]).catch((error: unknown) => {
      if (error instanceof UnavailableError) return { applied: false, row: undefined };
      throw error;
    });
    return applied || row?.get('detail') === owner;
  }

  async function migrationsMade(): Promise<ReadonlySet<string>> {
    const rows = await session.read({ query: `SELECT item FROM ${schemaTable}`, params: [] });
    return new Set(rows.map((row) => row.get('item') as string));
  }

  async function hasColumn({ table, column }: NonNullable<Migration['adds']>): Promise<boolean> {
    const query =
      'SELECT column_name FROM system_schema.columns WHERE keyspace_name = ? AND table_name = ? AND column_name = ?';
    return (await session.read({ query, params: [keyspace, table, column] })).length > 0;
  }

  async function migrate(): Promise<void> {
    // Whoever made the keyspace for this service need not let it make others.
    const query = 'SELECT keyspace_name FROM system_schema.keyspaces WHERE keyspace_name = ?';
    const existing = await session.read({ query, params: [keyspace] });
    if (existing.length === 0) await session.define(createKeyspace(settings));
    await session.define(createSchemaTable(settings));
    const missing = (made: ReadonlySet<string>) => migrations.filter(({ number }) => !made.has(migrationItem(number)));
    if (missing(await migrationsMade()).length === 0) return;
    await locked(async (define) => {
      for (const { number, name, statements, adds } of missing(await migrationsMade())) {
        if (adds === undefined || !(await hasColumn(adds))) {
          for (const statement of statements(keyspace)) await define(statement);
        }
        const record = `INSERT INTO ${schemaTable} (item, detail) VALUES (?, ?) IF NOT EXISTS`;
        await session.transact([{ query: record, params: [migrationItem(number), name] }]);
      }
    });
  }

  async function create(names: readonly string[]): Promise<void> {
    const missing = async (): Promise<readonly string[]> => {
      const there = await tables();
      return [...new Set(names)].filter((name) => !there.includes(name));
    };
    if (names.length === 0 || (await missing()).length === 0) return;
    await locked(async (define) => {
      for (const name of await missing()) await define(createRowTable(keyspace, name));
    });
  }

  async function drop(names: readonly string[]): Promise<void> {
    const doomed = async (): Promise<readonly string[]> => (await tables()).filter((name) => names.includes(name));
    if (names.length === 0 || (await doomed()).length === 0) return;
    await locked(async (define) => {
      for (const name of await doomed()) await define(dropTable(keyspace, name));
    });
  }

  return { migrate, tables, create, drop };
}
