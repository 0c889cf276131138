import { createHash } from 'node:crypto';

import type { CqlSettings, Dialect } from './cql-url.js';

/** The driver's own tables. No table of rows can have such a name: theirs begin with a letter. */
export const ownTables = {
  schema: '_schema',
  streams: '_streams',
  checkpoints: '_checkpoints',
  subscriptions: '_subscriptions',
} as const;

/** Names are quoted everywhere: `table` and `key` are words of CQL as well. */
export const qualified = (keyspace: string, table: string): string => `"${keyspace}"."${table}"`;

/**
 * How long a deletion is remembered at least, in seconds (10 days): a put that comes later than that, with a lower timestamp,
 * may bring its row back. Nodes must be repaired more often than that, or a node that missed the deletion may do so as well.
 */
export const deletionSecondsMin = 864_000;

/**
 * Views are overwritten row by row and read by the page, so a read should meet few sstables, and rows that were deleted from
 * the head of a list should be gone soon: levelled compaction does both, on either server, at the price of more writing.
 */
const rowTableOptions =
  `compaction = {'class': 'LeveledCompactionStrategy', 'sstable_size_in_mb': '160'}` +
  ` AND gc_grace_seconds = ${deletionSecondsMin} AND default_time_to_live = 0`;

/** Rows that only lightweight transactions write. Deletions are of no consequence there, overwriting is. */
const ownTableOptions = rowTableOptions;

export function createKeyspace({ keyspace, dialect, datacenter, replication }: CqlSettings): string {
  const strategy = `{'class': 'NetworkTopologyStrategy', '${datacenter}': ${replication}}`;
  return `CREATE KEYSPACE IF NOT EXISTS "${keyspace}" WITH replication = ${strategy} AND durable_writes = true${tabletsOf(dialect)}`;
}

/** ScyllaDB has no lightweight transactions in keyspaces with tablets before 2025.4, and tablets are what it makes by itself. */
export const tabletsOf = (dialect: Dialect): string => (dialect === 'scylla' ? ` AND tablets = {'enabled': false}` : '');

/**
 * One CQL table for each table of rows, so that a generation of views goes with DROP TABLE, at the cost of a directory and
 * not of millions of tombstones, and is compacted on its own. There are a dozen for each team and generation: few enough for
 * servers that keep memory for each. A partition of it is one partition of the view, as its readers ask for it: see the
 * decision record on how the views are laid out in CQL.
 */
export function createRowTable(keyspace: string, table: string): string {
  return (
    `CREATE TABLE IF NOT EXISTS ${qualified(keyspace, table)} ` +
    `(partition text, key text, value text, PRIMARY KEY ((partition), key)) WITH ${rowTableOptions}`
  );
}

export const dropTable = (keyspace: string, table: string): string => `DROP TABLE IF EXISTS ${qualified(keyspace, table)}`;

/**
 * Holds the lock that keeps changes of the schema apart, and which migrations were made. It is made without that lock. Two
 * Cassandra nodes that make one table at the same time give it two ids, of which one loses its rows; so its id is given here.
 * ScyllaDB agrees on changes of the schema by Raft, one after the other.
 */
export function createSchemaTable({ keyspace, dialect }: CqlSettings): string {
  const id = dialect === 'cassandra' ? ` AND ID = ${idOf(keyspace)}` : '';
  return (
    `CREATE TABLE IF NOT EXISTS ${qualified(keyspace, ownTables.schema)} ` +
    `(item text, detail text, PRIMARY KEY ((item))) WITH ${ownTableOptions}${id}`
  );
}

function idOf(keyspace: string): string {
  const hex = createHash('sha256').update(`${keyspace}.${ownTables.schema}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly statements: (keyspace: string) => readonly string[];
  /** The column that the statements add: where it is there, they were run. ScyllaDB has no ADD IF NOT EXISTS. */
  readonly adds?: { readonly table: string; readonly column: string };
}

/**
 * In order, forward only, each once. Never change one that was released: add another. A migration only adds, so that services
 * of the version before go on beside it; and each can be made twice, as whoever made it may have died before saying so.
 */
export const migrations: readonly Migration[] = [
  {
    number: 1,
    name: 'streams',
    // A stream is one partition: its version, commands and events change together, in one conditional batch. It grows with the
    // commands on one case (some hundred rows, not millions), as a case's notes and decisions are made by people.
    statements: (keyspace) => [
      `CREATE TABLE IF NOT EXISTS ${qualified(keyspace, ownTables.streams)} ` +
        `(stream text, kind tinyint, number bigint, id text, version bigint static, type text, body text, led_to bigint, ` +
        `attempt text, PRIMARY KEY ((stream), kind, number, id)) WITH ${ownTableOptions}`,
    ],
  },
  {
    number: 2,
    name: 'checkpoints',
    // Each in a partition of its own: transactions on one partition wait for each other, and the consumers of a topic's
    // partitions should not. Which partitions a subscription has is kept apart, written once for each.
    statements: (keyspace) => [
      `CREATE TABLE IF NOT EXISTS ${qualified(keyspace, ownTables.checkpoints)} ` +
        `(subscription text, partition int, epoch bigint, position text, ordinal bigint, ` +
        `PRIMARY KEY ((subscription, partition))) WITH ${ownTableOptions}`,
      `CREATE TABLE IF NOT EXISTS ${qualified(keyspace, ownTables.subscriptions)} ` +
        `(subscription text, partition int, PRIMARY KEY ((subscription), partition)) WITH ${ownTableOptions}`,
    ],
  },
  {
    number: 3,
    name: 'fences of streams',
    // A stream of before has no fence, which is what one has that was never raised.
    statements: (keyspace) => [`ALTER TABLE ${qualified(keyspace, ownTables.streams)} ADD fence bigint static`],
    adds: { table: ownTables.streams, column: 'fence' },
  },
];
