import { DamagedRecordError, type StoredRecord } from '@ringside/event-log';
import { type LogFile, readHead } from './log-file.js';
import { openSegment, type Segment } from './segment-codec.js';
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
  const end = (topic: string, partition: number): number =>
    file.environment.read(() => readHead(file, topics.find(topic).number, partition).next);

  /** The segment that has the offset. Throws `DamagedRecordError` where none does, or where it cannot be read. */
  function segmentAt(topic: string, partition: number, offset: number): Segment {
    const segment = file.environment.read(() => findSegment(file, topics.find(topic).number, partition, offset));
    if (segment === undefined || offset >= segment.base + segment.count) {
      throw new DamagedRecordError(topic, partition, positionOf(offset));
    }
    return segment;
  }

  function recordAt(segment: Segment, topic: string, partition: number, offset: number): StoredRecord {
    const position = positionOf(offset);
    const decoded = segment.record(offset - segment.base);
    if (decoded === undefined) throw new DamagedRecordError(topic, partition, position);
    const { key, id, bytes, appendedAt } = decoded;
    return { topic, key, id, bytes, partition, position, appendedAt };
  }

  function slice(topic: string, partition: number, from: number, bounds: ReadBounds): readonly StoredRecord[] {
    const records: StoredRecord[] = [];
    const until = Math.min(end(topic, partition), from + bounds.recordsMax);
    let segment: Segment | undefined;
    let bytes = 0;
    for (let offset = from; offset < until && (bytes < bounds.bytesMax || records.length === 0); offset++) {
      try {
        if (segment === undefined || offset === segment.base + segment.count) segment = segmentAt(topic, partition, offset);
        const record = recordAt(segment, topic, partition, offset);
        bytes += record.bytes.length;
        records.push(record);
      } catch (error) {
        // What stands before a damaged record is good and is handed out; the damage is said when it comes first.
        if (records.length > 0) break;
        throw error;
      }
    }
    return records;
  }

  const appendedAt = (topic: string, partition: number, offset: number): number | undefined =>
    offset < end(topic, partition) ? segmentAt(topic, partition, offset).appendedAt : undefined;

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

/**
 * What is stored where the offset is: most often a reader goes on behind a segment, so that the next one begins there; otherwise the
 * last one that begins before it.
 */
function findSegment(file: LogFile, topicNumber: number, partition: number, offset: number): Segment | undefined {
  const key = Buffer.allocUnsafe(recordKeyBytes);
  writeRecordKey(key, topicNumber, partition, offset);
  const exact = file.records.get(key);
  if (exact !== undefined) return openSegment(key, exact);
  const first = Buffer.allocUnsafe(recordKeyBytes);
  writeRecordKey(first, topicNumber, partition, 0);
  for (const { key: before, value } of file.records.getRange({
    start: key,
    end: first,
    inclusiveEnd: true,
    reverse: true,
    limit: 1,
  })) {
    return openSegment(before, value);
  }
  return undefined;
}
