import {
  checkCheckpoints,
  checkName,
  checkPage,
  checkReadStream,
  checkRowKey,
  checkStreamAppend,
  checkStreamCommand,
  checkSubscriptionPartition,
  checkTableName,
  checkValue,
  type InsertOutcome,
  jsonText,
  type ViewStore,
  type WriteOutcome,
} from '@ringside/view-store';
import { turns, type JsonObject } from '@ringside/core';

import { type Checkpoints, openCheckpoints } from './checkpoints.js';
import { type Connection, openConnection } from './connection.js';
import { parseCqlUrl } from './cql-url.js';
import { healthOf } from './health.js';
import { type RowReads, rowReads } from './row-reads.js';
import { rowStatements } from './row-statements.js';
import { prepareWrites, sendWrites } from './row-writes.js';
import { openSchema, type Schema } from './schema.js';
import { openSession, type Session } from './session.js';
import { openStreams, type Streams } from './streams.js';
import { type OnTable, onTableOf } from './tables.js';

export interface CqlViewStoreOptions {
  /** The service whose views these are: its keyspace is named after it. */
  readonly name: string;
}

interface Parts {
  readonly keyspace: string;
  readonly connection: Connection;
  readonly session: Session;
  readonly schema: Schema;
  readonly onTable: OnTable;
  readonly reads: RowReads;
  readonly checkpoints: Checkpoints;
  readonly streams: Streams;
}

/**
 * The view store in ScyllaDB or Apache Cassandra; `parseCqlUrl` says what the URL holds. Makes the service's keyspace, and the
 * driver's own tables in it, where they are missing.
 *
 * Throws `StartupError` for a URL that can never work. Where the server is merely away it resolves all the same: every call
 * rejects with `UnavailableError`, and `health` says why, until the server was reached.
 *
 * Deletions are remembered as `deletionSecondsMin` says.
 */
export async function openCqlViewStore(url: string, { name }: CqlViewStoreOptions): Promise<ViewStore> {
  const settings = parseCqlUrl(url, name);
  const { keyspace } = settings;
  const connection = await openConnection(settings, (client) =>
    openSchema(
      settings,
      openSession(() => client),
    ).migrate(),
  );
  const session = openSession(() => connection.client());
  const schema = openSchema(settings, session);
  const onTable = onTableOf(schema);
  const inTurn = turns();
  const parts: Parts = {
    keyspace,
    connection,
    session,
    schema,
    onTable,
    reads: rowReads(keyspace, session, onTable),
    checkpoints: openCheckpoints(keyspace, session, inTurn),
    streams: openStreams(keyspace, session, inTurn),
  };
  return {
    driver: 'cql',
    capabilities: { atomicWrite: false, fencesRows: false },
    ...tableCalls(parts),
    ...readCalls(parts),
    ...writeCalls(parts),
    ...checkpointCalls(parts),
    ...streamCalls(parts),
    health: () => healthOf(connection, session, keyspace),
    close: () => connection.close(),
  };
}

function tableCalls({ connection, schema }: Parts): Pick<ViewStore, 'createTables' | 'dropTables' | 'tables'> {
  return {
    createTables: async (names) => {
      names.forEach(checkTableName);
      await connection.run(() => schema.create(names));
    },
    dropTables: async (names) => {
      names.forEach(checkTableName);
      await connection.run(() => schema.drop(names));
    },
    tables: () => connection.run(() => schema.tables()),
  };
}

function readCalls({ connection, reads }: Parts): Pick<ViewStore, 'get' | 'getMany' | 'page' | 'scan'> {
  const getMany: ViewStore['getMany'] = async (keys) => {
    keys.forEach(checkRowKey);
    return connection.run(() => reads.getMany(keys));
  };
  return {
    get: async (key) => (await getMany([key]))[0],
    getMany,
    page: async (table, partition, options) => {
      checkPage(table, partition, options);
      return connection.run(() => reads.page(table, partition, options));
    },
    scan: async function* (table) {
      checkTableName(table);
      const pages = reads.scan(table)[Symbol.asyncIterator]();
      for (;;) {
        const page = await connection.run(() => pages.next());
        if (page.done === true) return;
        yield* page.value;
      }
    },
  };
}

function writeCalls(parts: Parts): Pick<ViewStore, 'write' | 'insertOnce'> {
  const { keyspace, connection, session, onTable, checkpoints } = parts;
  return {
    write: async (rows, { last = [], newest = [], checkpoints: moved = [] } = {}) => {
      checkCheckpoints(moved);
      // Nothing is looked at before any row is written here.
      const first = newest.length === 0 ? rows : [...rows, ...newest];
      const stages = [prepareWrites(keyspace, first), prepareWrites(keyspace, last)];
      return connection.run(async (): Promise<WriteOutcome> => {
        // Whoever has lost the partition should notice before it writes, though it may lose it in the very next moment.
        const stored = await checkpoints.stored(moved);
        const fenced =
          moved.find(({ epoch }, i) => stored[i]?.epoch !== epoch) ??
          (await writeAll(stages, () => checkpoints.move(moved.filter((one, i) => !isAt(one, stored[i])))));
        if (fenced === undefined) return { outcome: 'written' };
        return { outcome: 'fenced', subscription: fenced.subscription, partition: fenced.partition };
      });
    },
    insertOnce: async (row) => {
      checkRowKey(row);
      checkValue('value', row.value);
      const statement = rowStatements(keyspace, row.table).insertOnce(row, jsonText('value', row.value));
      // Where its outcome stays unknown this rejects. Sent again, it answers "exists", with the value of this call if it was stored.
      return connection.run(async (): Promise<InsertOutcome> => {
        const { applied, row: existing } = await onTable(row.table, () => session.transact([statement]));
        if (applied) return { outcome: 'inserted' };
        return { outcome: 'exists', value: JSON.parse(existing!.get('value') as string) as JsonObject };
      });
    },
  };

  async function writeAll<T>(stages: readonly ReturnType<typeof prepareWrites>[], then: () => Promise<T>): Promise<T> {
    for (const writes of stages) await sendWrites(session, onTable, writes);
    return then();
  }
}

/** A checkpoint that is where it is to go needs no transaction. */
const isAt = (wanted: { position: string | null; ordinal: number }, stored: typeof wanted | undefined): boolean =>
  stored?.position === wanted.position && stored.ordinal === wanted.ordinal;

function checkpointCalls({ connection, checkpoints }: Parts): Pick<ViewStore, 'takeOver' | 'checkpoints' | 'resetCheckpoints'> {
  return {
    takeOver: async (subscription, partition) => {
      checkSubscriptionPartition(subscription, partition);
      return connection.run(() => checkpoints.takeOver(subscription, partition));
    },
    checkpoints: async (subscription) => {
      checkName('subscription', subscription);
      return connection.run(() => checkpoints.list(subscription));
    },
    resetCheckpoints: async (subscription) => {
      checkName('subscription', subscription);
      await connection.run(() => checkpoints.reset(subscription));
    },
  };
}

type StreamCalls = Pick<ViewStore, 'appendToStream' | 'streamHead' | 'streamCommand' | 'raiseFence' | 'readStream'>;

function streamCalls({ connection, streams }: Parts): StreamCalls {
  return {
    appendToStream: async (append) => {
      checkStreamAppend(append);
      return connection.run(() => streams.append(append));
    },
    streamHead: async (stream) => {
      checkName('stream', stream);
      return connection.run(() => streams.head(stream));
    },
    streamCommand: async (stream, commandId) => {
      checkStreamCommand(stream, commandId);
      return connection.run(() => streams.command(stream, commandId));
    },
    raiseFence: async (stream) => {
      checkName('stream', stream);
      return connection.run(() => streams.raiseFence(stream));
    },
    readStream: async (stream, afterVersion = 0) => {
      checkReadStream(stream, afterVersion);
      return connection.run(() => streams.read(stream, afterVersion));
    },
  };
}
