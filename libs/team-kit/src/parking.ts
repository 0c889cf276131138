import type { JsonObject } from '@ringside/core';
import type { StoredRecord } from '@ringside/event-log';
import type { RowWrite } from '@ringside/view-store';

import { discardedTable, parkedTable } from './subscriber.js';
import type { Views } from './views.js';

/**
 * - `malformed`: not of the contract (or of a newer one): decoded again at each retry.
 * - `projection`, `reaction`: the code threw, each time it was tried.
 * - `behind`: an earlier event of the same key is parked.
 */
export type ParkReason = 'malformed' | 'projection' | 'reaction' | 'behind';

/** An event that could not be processed, as it is kept: with its raw bytes. */
export interface ParkedEvent {
  readonly topic: string;
  readonly partition: number;
  /** The record's key: later events of it wait behind this one. */
  readonly key: string;
  readonly eventId: string;
  readonly position: string;
  readonly reason: ParkReason;
  /** What was wrong, without anything of the event's content. */
  readonly detail: string;
  /** True where the views contain the event and only its reactions are outstanding. */
  readonly reactionOnly: boolean;
  /** Orders the parked events of one key. */
  readonly place: string;
  readonly rawBase64: string;
}

const partitionName = (topic: string, partition: number): string => `${topic}/${partition}`;
const keyPrefix = (key: string): string => `${encodeURIComponent(key)}/`;

export function parkedPlace(key: string, ordinal: number): string {
  return `${keyPrefix(key)}${String(ordinal).padStart(16, '0')}`;
}

export interface Parking {
  readonly record: StoredRecord;
  readonly ordinal: number;
  readonly reason: ParkReason;
  readonly detail: string;
  readonly reactionOnly: boolean;
}

export function parkWrite({ record, ordinal, reason, detail, reactionOnly }: Parking): RowWrite {
  const { topic, partition, key } = record;
  const place = parkedPlace(key, ordinal);
  const parked: ParkedEvent = {
    topic,
    partition,
    key,
    eventId: record.id,
    position: record.position,
    reason,
    detail,
    reactionOnly,
    place,
    rawBase64: Buffer.from(record.bytes).toString('base64'),
  };
  return {
    kind: 'put',
    table: parkedTable,
    partition: partitionName(topic, partition),
    key: place,
    timestamp: ordinal,
    value: parked as unknown as JsonObject,
  };
}

export const unparkWrite = (parked: ParkedEvent, ordinal: number): RowWrite => ({
  kind: 'delete',
  table: parkedTable,
  partition: partitionName(parked.topic, parked.partition),
  key: parked.place,
  timestamp: ordinal,
});

/** Remembers that an event was given up, for good. Kept for rebuilds: they leave it out as well. */
export const discardWrite = ({ topic, partition, key, eventId, position, reason }: ParkedEvent, ordinal: number): RowWrite => ({
  kind: 'put',
  table: discardedTable,
  partition: partitionName(topic, partition),
  key: position,
  timestamp: ordinal,
  value: { topic, partition, key, eventId, position, reason },
});

export function recordOf(parked: ParkedEvent): StoredRecord {
  return {
    topic: parked.topic,
    partition: parked.partition,
    key: parked.key,
    id: parked.eventId,
    position: parked.position as StoredRecord['position'],
    bytes: Buffer.from(parked.rawBase64, 'base64'),
    appendedAt: 0,
  };
}

/** Parked events of a source partition, key by key and in the order of each key; `after` is a `place`. */
export async function pageOfParked(
  views: Views,
  source: { readonly topic: string; readonly partition: number; readonly key?: string },
  options: { readonly after?: string; readonly limit: number },
): Promise<readonly ParkedEvent[]> {
  const range = source.key === undefined ? {} : { from: keyPrefix(source.key), to: `${encodeURIComponent(source.key)}0` }; // "0" follows "/"
  const rows = await views.page(parkedTable, partitionName(source.topic, source.partition), { ...range, ...options });
  return rows.map(({ value }) => value as unknown as ParkedEvent);
}

/** How many events are parked for each key of a source partition. */
export async function parkedKeys(views: Views, topic: string, partition: number): Promise<Map<string, number>> {
  const keys = new Map<string, number>();
  let after: string | undefined;
  for (;;) {
    const page = await pageOfParked(views, { topic, partition }, { limit: 1_000, ...(after === undefined ? {} : { after }) });
    for (const { key } of page) keys.set(key, (keys.get(key) ?? 0) + 1);
    if (page.length < 1_000) return keys;
    after = page.at(-1)!.place;
  }
}
