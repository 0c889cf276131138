import type { StoredRecord } from '@ringside/event-log';
import { DamagedRecordError } from './damaged-record-error.js';
import { type LogFile, readHead } from './log-file.js';
import { decodeRecord } from './record-codec.js';
import { positionOf, recordKeyBytes, writeRecordKey } from './storage-key.js';
import type { Topics } from './topics.js';

export interface ReadBounds {
  readonly recordsMax: number;
  /** The first record is read even where it is larger. */
  readonly bytesMax: number;
}

export interface Reader {
  /** The offset behind the newest record. */
  readonly end: (topic: string, partition: number) => number;
  /** Records from the offset on, to the end or the bounds. Throws `DamagedRecordError` where the first one is damaged. */
  readonly slice: (topic: string, partition: number, from: number, bounds: ReadBounds) => readonly StoredRecord[];
  /** The offset of the first record that the log took at or after the time; the end where there is none. */
  readonly offsetAt: (topic: string, partition: number, time: number) => number;
  /** When the record at the offset was appended; undefined behind the end. */
  readonly appendedAt: (topic: string, partition: number, offset: number) => number | undefined;
}

/** Reads see what was committed when {@link LogFile.environment} was last refreshed. */
export function createReader(file: LogFile, topics: Topics): Reader {
  const storageKey = Buffer.allocUnsafeSlow(recordKeyBytes);

  const end = (topic: string, partition: number): number =>
    file.environment.read(() => readHead(file, topics.find(topic).number, partition).next);

  function at(topic: string, partition: number, offset: number): StoredRecord | undefined {
    writeRecordKey(storageKey, topics.find(topic).number, partition, offset);
    const value = file.records.get(storageKey);
    if (value === undefined) return undefined;
    const decoded = decodeRecord(storageKey, value);
    const position = positionOf(offset);
    if (decoded === undefined) throw new DamagedRecordError(topic, partition, position);
    const { key, id, bytes, appendedAt } = decoded;
    return { topic, key, id, bytes, partition, position, appendedAt };
  }

  function slice(topic: string, partition: number, from: number, bounds: ReadBounds): readonly StoredRecord[] {
    const records: StoredRecord[] = [];
    const until = Math.min(end(topic, partition), from + bounds.recordsMax);
    let bytes = 0;
    for (let offset = from; offset < until && (bytes < bounds.bytesMax || records.length === 0); offset++) {
      const record = present(topic, partition, offset, records);
      if (record === undefined) break;
      bytes += record.bytes.length;
      records.push(record);
    }
    return records;
  }

  /** What stands before a damaged record is good and is handed out; the damage is said when it comes first. */
  function present(topic: string, partition: number, offset: number, before: readonly unknown[]): StoredRecord | undefined {
    try {
      const record = file.environment.read(() => at(topic, partition, offset));
      if (record === undefined) throw new DamagedRecordError(topic, partition, positionOf(offset));
      return record;
    } catch (error) {
      if (before.length > 0) return undefined;
      throw error;
    }
  }

  const appendedAt = (topic: string, partition: number, offset: number): number | undefined =>
    file.environment.read(() => at(topic, partition, offset)?.appendedAt);

  function offsetAt(topic: string, partition: number, time: number): number {
    let low = 0;
    let high = end(topic, partition);
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (appendedAt(topic, partition, middle)! < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  return { end, slice, offsetAt, appendedAt };
}
