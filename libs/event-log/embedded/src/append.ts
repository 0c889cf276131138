import {
  keyBytesMax,
  KeyTooLongError,
  type NewRecord,
  partitionOf,
  RecordTooLargeError,
  type StoredRecord,
} from '@ringside/event-log';
import type { Clock } from '@ringside/core';
import { addTo, type Batch, newBatch, type Part, type PendingAppend, type Slot } from './append-batch.js';
import { type LogFile, readHead, writeHead } from './log-file.js';
import { idBytesMax } from './record-codec.js';
import { createSegmentEncoder, segmentBytesMax, segmentRecordsMax } from './segment-codec.js';
import { headKey, positionOf } from './storage-key.js';
import type { Topics } from './topics.js';

export const recordBytesMax = 1024 * 1024;

/** Bounds of one transaction, so that a long queue neither holds the write lock nor the event loop for long. */
const transactionRecordsMax = 4_096;
const transactionBytesMax = 16 * 1024 * 1024;

export interface AppenderOptions {
  readonly file: LogFile;
  readonly topics: Topics;
  readonly clock: Clock;
  /** Called after each commit. */
  readonly onCommitted: () => void;
}

export type Append = (records: readonly NewRecord[]) => Promise<readonly StoredRecord[]>;

/**
 * Appends of concurrent callers go into one transaction and share its flush to disk; of each partition they become one segment.
 * Offsets are given inside it, where LMDB lets one process in at a time, so that several processes can append at once.
 */
export function createAppender({ file, topics, clock, onCommitted }: AppenderOptions): Append {
  const store = createBatchStore(file, clock);
  /** Takes what comes until its transaction begins; undefined where there is none that does. */
  let open: Batch | undefined;

  function begin(): Batch {
    const batch = newBatch();
    const close = (): void => {
      if (open === batch) open = undefined;
    };
    file.environment
      .write(
        () => {
          close();
          store(batch);
        },
        { writesLast: true },
      )
      .then(
        () => {
          onCommitted();
          for (const { slots, resolve } of batch.appends) resolve(slots.map(storedRecord));
        },
        (error: unknown) => {
          close();
          for (const { reject } of batch.appends) reject(error);
        },
      );
    return batch;
  }

  function append(records: readonly NewRecord[], resolve: PendingAppend['resolve'], reject: PendingAppend['reject']): void {
    if (records.length === 0) return resolve([]);
    for (const record of records) check(topics, record);
    if (open === undefined || open.records >= transactionRecordsMax || open.bytes >= transactionBytesMax) open = begin();
    const batch = open;
    const slots = records.map((record) => {
      const { number, partitions } = topics.find(record.topic);
      return addTo(batch, number, partitionOf(record.key, partitions), record);
    });
    batch.appends.push({ slots, resolve, reject });
  }

  // Not async: one promise less for each append, on the path that everything else waits for. What is thrown rejects it.
  return (records) => new Promise((resolve, reject) => append(records, resolve, reject));
}

/** Throws for what cannot be stored, before anything is. */
function check(topics: Topics, { topic, key, id, bytes }: NewRecord): void {
  topics.find(topic);
  const keyBytes = key.length > keyBytesMax / 3 ? Buffer.byteLength(key) : 0;
  if (keyBytes > keyBytesMax) throw new KeyTooLongError(keyBytes, keyBytesMax);
  if (bytes.length > recordBytesMax) throw new RecordTooLargeError(bytes.length, recordBytesMax);
  if (id.length > idBytesMax / 3)
    throw new RangeError(`The id of a record has at most ${Math.floor(idBytesMax / 3)} characters.`);
}

function storedRecord({ part, index, record: { topic, key, id, bytes } }: Slot): StoredRecord {
  const { partition, appendedAt } = part;
  return { topic, key, id, bytes, partition, position: positionOf(part.base + index), appendedAt };
}

/** The work inside the transaction. */
function createBatchStore(file: LogFile, clock: Clock): (batch: Batch) => void {
  const encode = createSegmentEncoder();

  function storePart(part: Part): void {
    const { topicNumber, partition, records, appendedAt } = part;
    for (let from = 0; from < records.length;) {
      const until = segmentEnd(records, from);
      const some = from === 0 && until === records.length ? records : records.slice(from, until);
      const segment = encode(some, { topicNumber, partition, base: part.base + from }, appendedAt);
      file.records.put(segment.key, segment.value);
      from = until;
    }
    writeHead(file, headKey(topicNumber, partition), { next: part.base + records.length, appendedAt });
  }

  return ({ parts }) => {
    const now = clock();
    for (const part of parts.values()) {
      const { next, appendedAt } = readHead(file, part.topicNumber, part.partition);
      part.base = next;
      part.appendedAt = Math.max(appendedAt, now);
    }
    for (const part of parts.values()) storePart(part);
  };
}

function segmentEnd(records: readonly NewRecord[], from: number): number {
  const most = Math.min(records.length, from + segmentRecordsMax);
  let bytes = records[from]!.bytes.length;
  let until = from + 1;
  while (until < most && (bytes += records[until]!.bytes.length) <= segmentBytesMax) until++;
  return until;
}
