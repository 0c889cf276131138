import { setImmediate as othersTurn } from 'node:timers/promises';
import { UnavailableError } from '@ringside/core';
import type { PartitionBacklog, PartitionHead, Position, ReadOptions, StoredRecord } from '@ringside/event-log';
import type { CursorFile } from './cursor-file.js';
import { readCursors } from './cursors.js';
import type { LogFile } from './log-file.js';
import type { Reader } from './reader.js';
import { offsetOf, positionOf } from './storage-key.js';
import type { Topics } from './topics.js';

export interface Inspected {
  readonly file: LogFile;
  readonly cursorFile: CursorFile;
  readonly topics: Topics;
  readonly reader: Reader;
}

/**
 * In chunks, each with a read transaction of its own: a long one would keep LMDB from reusing pages. Between two of them others have
 * their turn: nothing here waits for anything, and a long partition takes seconds.
 */
const chunk = { recordsMax: 256, bytesMax: 4 * 1024 * 1024 };

export async function* readPartition(
  { file, topics, reader }: Inspected,
  { topic, partition, after, from, since }: ReadOptions,
): AsyncGenerator<StoredRecord> {
  const { partitions } = topics.find(topic);
  if (!(partition >= 0 && partition < partitions)) throw new RangeError(`Topic "${topic}" has no partition ${partition}.`);
  file.environment.refresh();
  const end = reader.end(topic, partition);
  let next = after === undefined ? 0 : offsetOf(after) + 1;
  if (from !== undefined) next = offsetOf(from);
  else if (after === undefined && since !== undefined) next = reader.offsetAt(topic, partition, since);
  while (next < end) {
    const recordsMax = Math.min(chunk.recordsMax, end - next);
    const records = reader.slice(topic, partition, next, { ...chunk, recordsMax });
    // The read knew of them: whoever went on from here would ask without end.
    if (records.length === 0) throw new UnavailableError('event-log', `Records of "${topic}" that were there cannot be read.`);
    next += records.length;
    yield* records;
    if (next < end) await othersTurn();
  }
}

export function headsOf({ file, topics, reader }: Inspected, topic: string): readonly PartitionHead[] {
  const { partitions } = topics.find(topic);
  file.environment.refresh();
  return Array.from({ length: partitions }, (_, partition) => ({
    partition,
    head: positionBefore(reader.end(topic, partition)),
  }));
}

export function backlogOf(inspected: Inspected, topic: string, subscription: string): readonly PartitionBacklog[] {
  const { file, cursorFile, topics, reader } = inspected;
  topics.find(topic);
  const cursors = readCursors(cursorFile, topic, subscription);
  file.environment.refresh(); // after the cursors, which are never ahead of the records then
  return cursors.map((next, partition) => {
    const backlog = reader.end(topic, partition) - next;
    const oldestAppendedAt = backlog === 0 ? null : (reader.appendedAt(topic, partition, next) ?? null);
    return { partition, cursor: positionBefore(next), backlog, oldestAppendedAt };
  });
}

const positionBefore = (offset: number): Position | null => (offset === 0 ? null : positionOf(offset - 1));
