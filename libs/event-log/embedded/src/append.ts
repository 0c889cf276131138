import {
  keyBytesMax,
  KeyTooLongError,
  type NewRecord,
  partitionOf,
  RecordTooLargeError,
  type StoredRecord,
} from '@ringside/event-log';
import type { Clock } from '@ringside/core';
import { type LogFile, readHead, writeHead } from './log-file.js';
import { createRecordEncoder, idBytesMax } from './record-codec.js';
import { headKey, positionOf } from './storage-key.js';
import type { Topics } from './topics.js';

export const recordBytesMax = 1024 * 1024;

/** Bounds of one transaction, so that a long queue neither holds the write lock nor the event loop for long. */
const transactionRecordsMax = 4_096;
const transactionBytesMax = 16 * 1024 * 1024;

interface RoutedRecord {
  readonly record: NewRecord;
  readonly topicNumber: number;
  readonly partition: number;
}

interface PendingAppend {
  readonly records: readonly RoutedRecord[];
  readonly bytes: number;
  readonly resolve: (stored: readonly StoredRecord[]) => void;
  readonly reject: (error: unknown) => void;
}

/** A partition's end as it moves within one transaction. */
interface MovingHead {
  readonly key: Buffer;
  next: number;
  appendedAt: number;
}

export interface AppenderOptions {
  readonly file: LogFile;
  readonly topics: Topics;
  readonly clock: Clock;
  /** Called after each commit. */
  readonly onCommitted: () => void;
}

export type Append = (records: readonly NewRecord[]) => Promise<readonly StoredRecord[]>;

/**
 * Appends of concurrent callers go into one transaction and share its flush to disk. Offsets are given inside it, where
 * LMDB lets one process in at a time, so that several processes can append at once.
 */
export function createAppender(options: AppenderOptions): Append {
  const { file, topics } = options;
  const store = createBatchStore(file, options.clock);
  let queue: PendingAppend[] = [];
  let scheduled = false;

  function schedule(): void {
    scheduled = true;
    let batch: readonly PendingAppend[] | undefined;
    const take = (): readonly PendingAppend[] => {
      const { taken, left } = split(queue);
      queue = left;
      if (left.length > 0) schedule();
      else scheduled = false;
      return taken;
    };
    file.environment
      // The work may run twice and must then do the same again. What arrives until it runs is taken along.
      .write(() => store((batch ??= take())))
      .then(
        (stored) => {
          options.onCommitted();
          batch!.forEach((pending, index) => pending.resolve(stored[index]!));
        },
        (error: unknown) => {
          for (const pending of batch ?? take()) pending.reject(error);
        },
      );
  }

  // Not async: one promise less for each append, on the path that everything else waits for.
  return (records) =>
    new Promise((resolve, reject) => {
      if (records.length === 0) return resolve([]);
      const routed = records.map((record) => route(topics, record)); // what it throws rejects the promise
      const bytes = records.reduce((sum, record) => sum + record.bytes.length, 0);
      queue.push({ records: routed, bytes, resolve, reject });
      if (!scheduled) schedule();
    });
}

function route(topics: Topics, record: NewRecord): RoutedRecord {
  const topic = topics.find(record.topic);
  const keyBytes = record.key.length > keyBytesMax / 3 ? Buffer.byteLength(record.key) : 0;
  if (keyBytes > keyBytesMax) throw new KeyTooLongError(keyBytes, keyBytesMax);
  if (record.bytes.length > recordBytesMax) throw new RecordTooLargeError(record.bytes.length, recordBytesMax);
  if (record.id.length > idBytesMax / 3)
    throw new RangeError(`The id of a record has at most ${Math.floor(idBytesMax / 3)} characters.`);
  return { record, topicNumber: topic.number, partition: partitionOf(record.key, topic.partitions) };
}

function split(queue: PendingAppend[]): { readonly taken: PendingAppend[]; readonly left: PendingAppend[] } {
  let records = 0;
  let bytes = 0;
  let count = 0;
  while (count < queue.length && records < transactionRecordsMax && bytes < transactionBytesMax) {
    records += queue[count]!.records.length;
    bytes += queue[count]!.bytes;
    count++;
  }
  return count === queue.length ? { taken: queue, left: [] } : { taken: queue.slice(0, count), left: queue.slice(count) };
}

/** The work inside the transaction. */
function createBatchStore(file: LogFile, clock: Clock) {
  const encode = createRecordEncoder();

  function storeOne({ record, topicNumber, partition }: RoutedRecord, head: MovingHead): StoredRecord {
    const offset = head.next++;
    const { appendedAt } = head;
    const encoded = encode(record, { topicNumber, partition, offset }, appendedAt);
    file.records.put(encoded.key, encoded.value);
    const { topic, key, id, bytes } = record;
    return { topic, key, id, bytes, partition, position: positionOf(offset), appendedAt };
  }

  return (batch: readonly PendingAppend[]): readonly (readonly StoredRecord[])[] => {
    const now = clock();
    const heads = new Map<number, MovingHead>();
    const headOf = ({ topicNumber, partition }: RoutedRecord): MovingHead => {
      const name = topicNumber * 0x10000 + partition;
      let head = heads.get(name);
      if (head === undefined) {
        const { next, appendedAt } = readHead(file, topicNumber, partition);
        head = { key: headKey(topicNumber, partition), next, appendedAt: Math.max(appendedAt, now) };
        heads.set(name, head);
      }
      return head;
    };
    const stored = batch.map((pending) => pending.records.map((routed) => storeOne(routed, headOf(routed))));
    for (const head of heads.values()) writeHead(file, head.key, head);
    return stored;
  };
}
