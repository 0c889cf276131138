import { crc32 } from 'node:zlib';

import { UnavailableError } from '@ringside/core';
import { type Environment, openEnvironment } from '@ringside/lmdb-environment';
import type { Database } from 'lmdb';
import { headKey, recordKeyBytes, writeRecordKey } from './storage-key.js';

export interface StoredTopic {
  readonly number: number;
  readonly partitions: number;
  /** Of its name and the above; topics of older versions are without. */
  readonly check?: number;
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

/*
 * An end on disk: the next offset (6 bytes), the newest record's time (6), CRC-32 of the storage key and of these (4; ends of older
 * versions are without). A wrong end would have records written over those that are there.
 */
const headBytes = 12;
const crcBytes = 4;

/** Throws `UnavailableError` where what is stored is damaged. */
export function readHead(file: LogFile, topicNumber: number, partition: number): Head {
  const key = headKey(topicNumber, partition);
  const stored = file.heads.get(key);
  if (stored === undefined) {
    if (hasRecords(file, topicNumber, partition)) throw damagedEnd(topicNumber, partition);
    return { next: 0, appendedAt: 0 };
  }
  const isWhole =
    stored.length === headBytes ||
    (stored.length === headBytes + crcBytes && checkOf(key, stored) === stored.readUInt32BE(headBytes));
  if (!isWhole) throw damagedEnd(topicNumber, partition);
  return { next: stored.readUIntBE(0, 6), appendedAt: stored.readUIntBE(6, 6) };
}

function hasRecords(file: LogFile, topicNumber: number, partition: number): boolean {
  const [start, end] = [Buffer.alloc(recordKeyBytes), Buffer.alloc(recordKeyBytes)];
  writeRecordKey(start, topicNumber, partition, 0);
  writeRecordKey(end, topicNumber, partition, 2 ** 48 - 1);
  for (const _ of file.records.getKeys({ start, end, limit: 1 })) return true;
  return false;
}

const checkOf = (key: Buffer, value: Buffer): number => crc32(value.subarray(0, headBytes), crc32(key));

const damagedEnd = (topicNumber: number, partition: number): UnavailableError =>
  new UnavailableError(
    'event-log',
    `Where partition ${partition} of the topic with number ${topicNumber} ends is damaged on disk: restore the event log from a backup.`,
  );

/** Throws `UnavailableError` unless the topic is as it was stored. */
export function requireWholeTopic(name: string, topic: StoredTopic): void {
  if (topic.check === undefined || topic.check === checkOfTopic(name, topic)) return;
  throw new UnavailableError('event-log', `The topic "${name}" is damaged on disk: restore the event log from a backup.`);
}

export const checkOfTopic = (name: string, { number, partitions }: StoredTopic): number =>
  crc32(`${number} ${partitions} ${name}`);

/** Within a write transaction. */
export function writeHead(file: LogFile, key: Buffer, head: Head): void {
  const value = Buffer.allocUnsafe(headBytes + crcBytes);
  value.writeUIntBE(head.next, 0, 6);
  value.writeUIntBE(head.appendedAt, 6, 6);
  value.writeUInt32BE(checkOf(key, value), headBytes);
  file.heads.put(key, value);
}
