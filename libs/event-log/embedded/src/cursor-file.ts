import { join } from 'node:path';
import { type Environment, openEnvironment } from '@ringside/lmdb-environment';
import type { Database } from 'lmdb';

/** One partition of a subscription: how far it is, and who may move it. */
export interface CursorRow {
  /** Offset of the first record that is not acknowledged. */
  readonly next: number;
  /** Rises whenever the partition changes hands or is reset. Whoever holds an older one can move nothing. */
  readonly epoch: number;
  readonly owner: string | null;
  /** Wall clock, ms since the epoch. As of the last write: a living owner keeps the partition for longer. What is safe follows from the epoch. */
  readonly expiresAt: number;
}

/** A consumer that is alive. */
export interface MemberRow {
  readonly seenAt: number;
}

/** Topic and subscription, then the partition (cursors) or the member (members). */
export type CursorFileKey = (string | number)[];

/**
 * The LMDB file with cursors, leases and members. Apart from the records' file, so that acknowledgements and heartbeats do
 * not wait for its write lock, nor appends for theirs.
 */
export interface CursorFile {
  readonly environment: Environment;
  readonly cursors: Database<CursorRow, CursorFileKey>;
  readonly members: Database<MemberRow, CursorFileKey>;
}

export async function openCursorFile(directory: string, commitMsMax: number): Promise<CursorFile> {
  const environment = await openEnvironment({
    directory: join(directory, 'cursors'),
    kind: 'event-log-cursors',
    maxTables: 8,
    commitMsMax,
  });
  const options = { encoding: 'json', keyEncoding: 'ordered-binary' } as const;
  return { environment, cursors: environment.table('cursors', options), members: environment.table('members', options) };
}

/** The subscription's partitions in order; empty where it does not exist. */
export function cursorRows(file: CursorFile, topic: string, subscription: string): readonly CursorRow[] {
  return [...rangeOf(file.cursors, topic, subscription)].map(({ value }) => value);
}

/** Everything under (topic, subscription). In this key encoding null is the smallest, numbers come before strings. */
export function rangeOf<V>(table: Database<V, CursorFileKey>, topic: string, subscription: string) {
  return table.getRange({ start: [topic, subscription, null as never], end: [topic, subscription, '\uffff'] });
}
