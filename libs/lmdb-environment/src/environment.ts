import { accessSync, constants, existsSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { StartupError } from '@ringside/core';
import { type Database, type DatabaseOptions, type Key, open, type RootDatabase } from 'lmdb';
import { createGroupCommit, type GroupCommit, type Work, type WriteOptions } from './group-commit.js';
import { checkDataFile, damaged } from './integrity.js';
import { dataFileName, makeDataFile } from './make-data-file.js';
import { claimDirectory, type EnvironmentKind, finishMarker, unusable } from './marker.js';
import { commitTableName, createNewestCommit, type CommitTable, type NewestCommit } from './newest-commit.js';
import { isTurnedBack, recount } from './turned-back.js';
import { translateLmdbError, unavailable } from './unavailable.js';

export type { EnvironmentKind } from './marker.js';
export type { Work, WriteOptions } from './group-commit.js';

export interface EnvironmentOptions {
  /** Made where it is missing. Holds the data file, LMDB's lock file and `ringside.json`. */
  readonly directory: string;
  readonly kind: EnvironmentKind;
  /** How many tables may be open. */
  readonly maxTables: number;
  /** A commit that takes longer is reported as unavailable, with its outcome unknown. In ms; 10,000 where absent. */
  readonly commitMsMax?: number;
}

/**
 * One LMDB file, shared by processes of one machine and within a process by everybody who opens the directory.
 * Keys and values of a table are bytes unless its options say otherwise.
 */
export interface Environment {
  readonly directory: string;
  readonly kind: EnvironmentKind;

  /** Opens the table, and makes it where it is missing. Always the same object for one name. */
  table<V = Buffer, K extends Key = Buffer>(name: string, options?: DatabaseOptions): Database<V, K>;

  /**
   * Runs the work inside a write transaction that all current callers share, and resolves when it is on disk. Within it
   * the tables' `get`, `put`, `remove` and ranges see and make this transaction's state. It must be synchronous, and may
   * run twice; if it throws, it alone is undone. Rejects with `UnavailableError` where the disk or LMDB fails.
   */
  write<T>(work: Work<T>, options?: WriteOptions): Promise<T>;

  /**
   * Whether the last {@link write} that had something to flush failed on its way to disk, or is late. A write of nothing flushes nothing,
   * and says nothing of a disk that takes no flush.
   */
  isFailing(): boolean;

  /**
   * Lets reads see what is committed by now, by other processes too. Otherwise they may be one turn of the event loop old. Answers the
   * number of the newest {@link write} that they see: where it has not risen, none was made.
   */
  refresh(): number;

  /** Runs a read, and says errors of LMDB as `UnavailableError`. */
  read<T>(work: Work<T>): T;

  /** Waits for writes under way. The file is closed when everybody who opened it has closed it. */
  close(): Promise<void>;
}

interface Shared {
  readonly root: RootDatabase;
  readonly recount: () => void;
  readonly newest: NewestCommit;
  readonly commit: GroupCommit;
  readonly tables: Map<string, Database<unknown, never>>;
  readonly kind: EnvironmentKind;
  users: number;
  closing?: Promise<void>;
}

/**
 * LMDB allows one opening of a file per process, and two of lmdb-js's own in one thread would wait for each other's write
 * lock for ever: so they are one.
 */
const openByDirectory = new Map<string, Shared>();

/** Throws `StartupError` where the directory is foreign, of another kind or version, not writable, or its data damaged. */
export async function openEnvironment(options: EnvironmentOptions): Promise<Environment> {
  const { creating } = claimDirectory(options.directory, options.kind);
  const directory = realpathSync(options.directory);
  if (creating) await makeDataFile(directory);
  await openByDirectory.get(directory)?.closing;
  const already = openByDirectory.get(directory);
  const shared = already ?? openShared(directory, options, creating);
  shared.users++;
  if (already === undefined) {
    openByDirectory.set(directory, shared);
    // Opening may have turned LMDB's count back, and nobody else may write for long. Where this fails, so will the first write.
    await shared.commit.write(() => undefined, { writesNothing: true }).catch(() => undefined);
  }
  return environmentOver(directory, shared);
}

function openShared(directory: string, options: EnvironmentOptions, creating: boolean): Shared {
  const file = join(directory, dataFileName);
  if (!existsSync(file) || statSync(file).size === 0) throw damaged(file, 'it is missing or empty');
  checkDataFile(file);
  const { kind } = options;
  try {
    accessSync(directory, constants.W_OK);
    const root = open({
      path: file,
      maxDbs: options.maxTables + 1, // and the one of commits
      // Promises resolve when the data is on disk, not merely visible.
      overlappingSync: false,
      // All writes go through the group commit. With it on, a commit that fails leaves a rejected promise inside lmdb-js that
      // nobody can handle, and a full disk would end the process.
      eventTurnBatching: false,
      // Address space, not disk. lmdb-js enlarges the map beyond it as needed, which keeps the old map for its readers:
      // a large start makes that rare.
      mapSize: 4 * 2 ** 30,
      encoding: 'binary',
      keyEncoding: 'binary',
    });
    const countAnew = (): void => {
      try {
        recount(file);
      } catch (error) {
        throw unavailable(kind, directory, error);
      }
    };
    const bytes = { encoding: 'binary', keyEncoding: 'binary' } as const;
    const table = openTable({ root, recount: countAnew }, commitTableName, bytes) as unknown as CommitTable;
    if (creating) finishMarker(directory, kind, file);
    const damage = (): Error =>
      unavailable(kind, directory, new Error('its newest transaction is not the newest one: it is damaged'));
    const newest = createNewestCommit({ root, table, recount: countAnew, damaged: damage });
    const commit = createGroupCommit(root, {
      commitMsMax: options.commitMsMax ?? 10_000,
      translate: (error) => translateLmdbError(kind, directory, error),
      recount: countAnew,
      newest,
    });
    return { root, recount: countAnew, newest, commit, tables: new Map(), kind, users: 0 };
  } catch (error) {
    throw error instanceof StartupError ? error : unusable(directory, error);
  }
}

/** Making a table is a write, as any other. */
function openTable(
  { root, recount }: Pick<Shared, 'root' | 'recount'>,
  name: string,
  options: DatabaseOptions,
): Database<unknown, never> {
  for (;;) {
    const table = root.transactionSync(() => (isTurnedBack(root) ? undefined : root.openDB<unknown, never>(name, options)));
    if (table !== undefined) return table;
    recount();
  }
}

function environmentOver(directory: string, shared: Shared): Environment {
  const { root, commit, kind, newest } = shared;
  let closed = false;

  const closedError = (): Error => unavailable(kind, directory, new Error('it was closed'));
  const refuseClosed = (): void => {
    if (closed) throw closedError();
  };
  return {
    directory,
    kind,
    table: <V, K extends Key>(name: string, options?: DatabaseOptions) => {
      refuseClosed();
      let table = shared.tables.get(name);
      if (table === undefined) {
        table = openTable(shared, name, { encoding: 'binary', keyEncoding: 'binary', ...options });
        shared.tables.set(name, table);
      }
      return table as unknown as Database<V, K>;
    },
    write: (work, options) => (closed ? Promise.reject(closedError()) : commit.write(work, options)),
    isFailing: commit.isFailing,
    refresh: () => {
      refuseClosed();
      root.resetReadTxn();
      return newest.requireSeen();
    },
    read: (work) => {
      refuseClosed();
      try {
        newest.requireSeen();
        return work();
      } catch (error) {
        throw translateLmdbError(kind, directory, error);
      }
    },
    close: async () => {
      if (closed) return;
      closed = true;
      const state = await commit.drained();
      if (--shared.users > 0) return;
      if (state === 'stalled') return; // closing would wait for the commit too; the process's end releases the file
      shared.closing = root.close().finally(() => openByDirectory.delete(directory));
      await shared.closing;
    },
  };
}
