import type { NewRecord, StoredRecord } from '@ringside/event-log';

/** What one transaction stores, by partition. */
export interface Batch {
  readonly parts: Map<number, Part>;
  readonly appends: PendingAppend[];
  records: number;
  bytes: number;
}

/** What a batch has for one partition. */
export interface Part {
  readonly topicNumber: number;
  readonly partition: number;
  readonly records: NewRecord[];
  /** The offset that the first record was given; known once the transaction has run. */
  base: number;
  /** Likewise: when the log took them, ms since the epoch. */
  appendedAt: number;
}

/** Where in its batch a record is. */
export interface Slot {
  readonly part: Part;
  readonly index: number;
  readonly record: NewRecord;
}

export interface PendingAppend {
  readonly slots: readonly Slot[];
  readonly resolve: (stored: readonly StoredRecord[]) => void;
  readonly reject: (error: unknown) => void;
}

export const newBatch = (): Batch => ({ parts: new Map(), appends: [], records: 0, bytes: 0 });

export function addTo(batch: Batch, topicNumber: number, partition: number, record: NewRecord): Slot {
  const name = topicNumber * 0x10000 + partition;
  let part = batch.parts.get(name);
  if (part === undefined) batch.parts.set(name, (part = { topicNumber, partition, records: [], base: 0, appendedAt: 0 }));
  const index = part.records.push(record) - 1;
  batch.records += 1;
  batch.bytes += record.bytes.length;
  return { part, index, record };
}
