import { type Environment, openEnvironment } from '@ringside/lmdb-environment';
import type { Database } from 'lmdb';
import { headKey } from './storage-key.js';

export interface StoredTopic {
  readonly number: number;
  readonly partitions: number;
}

/** Where a partition ends. */
export interface Head {
  /** The offset that the next record will get; offsets begin at 0 and have no gaps. */
  readonly next: number;
  /** Of the newest record; never falls within a partition, whatever the clock does. */
  readonly appendedAt: number;
}

/** The LMDB file with topics and records. */
export interface LogFile {
  readonly environment: Environment;
  readonly topics: Database<StoredTopic, string>;
  readonly heads: Database<Buffer, Buffer>;
  readonly records: Database<Buffer, Buffer>;
}

export async function openLogFile(directory: string, commitMsMax: number): Promise<LogFile> {
  const environment = await openEnvironment({ directory, kind: 'event-log', maxTables: 8, commitMsMax });
  return {
    environment,
    topics: environment.table('topics', { encoding: 'json', keyEncoding: 'ordered-binary' }),
    heads: environment.table('heads'),
    records: environment.table('records'),
  };
}

export function readHead(file: LogFile, topicNumber: number, partition: number): Head {
  const stored = file.heads.get(headKey(topicNumber, partition));
  return stored === undefined
    ? { next: 0, appendedAt: 0 }
    : { next: stored.readUIntBE(0, 6), appendedAt: stored.readUIntBE(6, 6) };
}

/** Within a write transaction. */
export function writeHead(file: LogFile, key: Buffer, head: Head): void {
  const value = Buffer.allocUnsafe(12);
  value.writeUIntBE(head.next, 0, 6);
  value.writeUIntBE(head.appendedAt, 6, 6);
  file.heads.put(key, value);
}
