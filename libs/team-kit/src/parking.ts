import { naturalId, type JsonObject, type RowKey } from '@ringside/core';
import type { StoredRecord } from '@ringside/event-log';
import type { RowWrite } from '@ringside/view-store';

import type { StagedRows } from './row-cache.js';
import { discardedTable, parkedTable } from './subscriber.js';
import type { Views } from './views.js';

/**
 * - `malformed`: not of the contract (or of a newer one): decoded again at each retry.
 * - `projection`, `reaction`: the code threw, each time it was tried.
 * - `behind`: an earlier event of the same key is parked.
 * - `gap`: it comes behind what has not come yet: events of its stream, the promotion whose term it is of, the version of the service
 *   that knows another region's event. Others are let past it, and it follows by itself.
 * - `not_allowed`: it must not be where it lies, or is no event at all: see `whyNotBelieved`. It keeps no other event waiting.
 */
export type ParkReason = 'malformed' | 'projection' | 'reaction' | 'behind' | 'gap' | 'not_allowed';

/** Whether later events of the key have to queue: not where they are what is missing, nor where the parked one is nobody's. */
export const isBlocking = (reason: ParkReason): boolean => reason !== 'gap' && reason !== 'not_allowed';

/** An event that could not be processed. Its raw bytes are in rows of their own: see {@link recordsOf}. */
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
  /** Length of the record. */
  readonly bytes: number;
  /** The numbers of a retry that went through its projection, where a store may have a part of its rows: see {@link triedWrites}. */
  readonly tried?: Tried;
}

interface Tried {
  readonly ordinal: number;
  /** Of all that was tried with it: while the checkpoint has this one, nothing was numbered since. */
  readonly lastOrdinal: number;
}

/** Longer ones are cut off: the rest of an error's message would not make the row any clearer. */
const detailCharactersMax = 2_000;

/** A record is kept in pieces of this size: in base64 each is well within a row's bounds. */
const pieceBytesMax = 524_288;

const encodedKeyCharactersMax = 600;

const partitionName = (topic: string, partition: number): string => `${topic}/${partition}`;
/** Beside the descriptions, so that counting and listing these reads no raw bytes. */
const recordPartitionName = (topic: string, partition: number): string => `${topic}/${partition}/records`;

/** A key as part of a row's name. A long one is named by its hash, behind a character that an encoded key does not have. */
function keyName(key: string): string {
  const encoded = encodeURIComponent(key.toWellFormed());
  return encoded.length <= encodedKeyCharactersMax ? encoded : `=${naturalId(key)}`;
}

export function parkedPlace(key: string, ordinal: number): string {
  return `${keyName(key)}/${String(ordinal).padStart(16, '0')}`;
}

const ordinalOf = (place: string): number => Number(place.slice(place.lastIndexOf('/') + 1));

export interface Parking {
  readonly record: StoredRecord;
  readonly ordinal: number;
  readonly reason: ParkReason;
  readonly detail: string;
  readonly reactionOnly: boolean;
  /** The event is parked already and keeps its place: only its description changes. */
  readonly wasParked?: ParkedEvent | undefined;
}

/** The records come first: what is described as parked is there to be tried again. */
export function parkWrites(views: Views, parkings: readonly Parking[]): StagedRows {
  const records = parkings.filter(({ wasParked }) => wasParked === undefined).flatMap(recordWrites);
  return { rows: records.map((row) => views.addressed(row)), last: parkings.map((one) => views.addressed(parkWrite(one))) };
}

function parkWrite({ record, ordinal, reason, detail, reactionOnly, wasParked }: Parking): RowWrite {
  const { topic, partition, key } = record;
  const parked: ParkedEvent = {
    topic,
    partition,
    key,
    eventId: record.id,
    position: record.position,
    reason,
    detail: detail.slice(0, detailCharactersMax),
    reactionOnly,
    place: wasParked?.place ?? parkedPlace(key, ordinal),
    bytes: record.bytes.length,
  };
  const value = parked as unknown as JsonObject;
  return { kind: 'put', ...descriptionRow(parked), timestamp: ordinal, value };
}

function recordWrites({ record, ordinal }: Parking): readonly RowWrite[] {
  const { topic, partition, key, bytes } = record;
  const at = { topic, partition, place: parkedPlace(key, ordinal), bytes: bytes.length };
  return pieceRows(at).map((row, i): RowWrite => {
    const piece = bytes.subarray(i * pieceBytesMax, (i + 1) * pieceBytesMax);
    return { kind: 'put', ...row, timestamp: ordinal, value: { base64: Buffer.from(piece).toString('base64') } };
  });
}

/** Those of one retry, beside what its events have. */
export interface TriedNumbers {
  /** Of the rows that remember them: below the numbers of the events. */
  readonly timestamp: number;
  readonly lastOrdinal: number;
}

/**
 * Remembers the numbers under which parked events are about to be stored. Where that is cut off between its stages, figures may contain
 * events that nothing else says are contained: these are stored once more under the same numbers, before any other number is used.
 */
export const triedWrites = (
  views: Views,
  tried: readonly { readonly parked: ParkedEvent; readonly ordinal: number }[],
  { timestamp, lastOrdinal }: TriedNumbers,
): readonly RowWrite[] =>
  tried.map(({ parked, ordinal }) => {
    const value = { ...parked, tried: { ordinal, lastOrdinal } } as unknown as JsonObject;
    return views.addressed({ kind: 'put', ...descriptionRow(parked), timestamp, value });
  });

/** The descriptions go first, for the reason for which they came last. */
export function unparkWrites(
  views: Views,
  parked: readonly ParkedEvent[],
  ordinalOf: (one: ParkedEvent) => number,
): StagedRows {
  const removed = (one: ParkedEvent, rows: readonly RowKey[]): readonly RowWrite[] =>
    rows.map((row) => views.addressed({ kind: 'delete', ...row, timestamp: ordinalOf(one) }));
  return {
    rows: parked.flatMap((one) => removed(one, [descriptionRow(one)])),
    last: parked.flatMap((one) => removed(one, pieceRows(one))),
  };
}

type Placed = Pick<ParkedEvent, 'topic' | 'partition' | 'place' | 'bytes'>;

const descriptionRow = ({ topic, partition, place }: Placed): RowKey => ({
  table: parkedTable,
  partition: partitionName(topic, partition),
  key: place,
});

const pieceRows = ({ topic, partition, place, bytes }: Placed): readonly RowKey[] =>
  Array.from({ length: Math.ceil(bytes / pieceBytesMax) }, (_, i) => ({
    table: parkedTable,
    partition: recordPartitionName(topic, partition),
    key: `${place}/${i}`,
  }));

/** Remembers that an event was given up, for good. Kept for rebuilds: they leave it out as well. */
export const discardWrite = ({ topic, partition, key, eventId, position, reason }: ParkedEvent, ordinal: number): RowWrite => ({
  kind: 'put',
  table: discardedTable,
  partition: partitionName(topic, partition),
  key: position,
  timestamp: ordinal,
  value: { topic, partition, key, eventId, position, reason },
});

/** The records of parked events, with their raw bytes, in the order asked. */
export async function recordsOf(views: Views, parked: readonly ParkedEvent[]): Promise<readonly StoredRecord[]> {
  const pieces = await views.getMany(parked.flatMap((one) => pieceRows(one)));
  let next = 0;
  return parked.map((one) => {
    const own = pieces.slice(next, (next += pieceRows(one).length));
    return {
      topic: one.topic,
      partition: one.partition,
      key: one.key,
      id: one.eventId,
      position: one.position as StoredRecord['position'],
      bytes: Buffer.concat(own.map((piece) => Buffer.from(String(piece?.value['base64'] ?? ''), 'base64'))),
      appendedAt: 0,
    };
  });
}

/** The first ones of a list whose records have no more bytes than this in all; one at least. */
export function withinBytes(parked: readonly ParkedEvent[], bytesMax: number): readonly ParkedEvent[] {
  let sum = 0;
  const tooMany = parked.findIndex(({ bytes }, i) => (sum += bytes) > bytesMax && i > 0);
  return tooMany === -1 ? parked : parked.slice(0, tooMany);
}

/** Parked events of a source partition, key by key and in the order of each key; `after` is a `place`. */
export async function pageOfParked(
  views: Views,
  source: { readonly topic: string; readonly partition: number; readonly key?: string },
  options: { readonly after?: string; readonly limit: number },
): Promise<readonly ParkedEvent[]> {
  const name = source.key === undefined ? undefined : keyName(source.key);
  const range = name === undefined ? {} : { from: `${name}/`, to: `${name}0` }; // "0" follows "/"
  const rows = await views.page(parkedTable, partitionName(source.topic, source.partition), { ...range, ...options });
  return rows.map(({ value }) => value as unknown as ParkedEvent);
}

/** What is parked of one key. */
export interface ParkedOfKey {
  readonly count: number;
  /** Later events of the key queue behind it. */
  readonly isBlocking: boolean;
  /** Some of it waits for what has not come yet. */
  readonly hasGap: boolean;
}

export const addedTo = (parked: ParkedOfKey | undefined, reason: ParkReason): ParkedOfKey => ({
  count: (parked?.count ?? 0) + 1,
  isBlocking: (parked?.isBlocking ?? false) || isBlocking(reason),
  hasGap: (parked?.hasGap ?? false) || reason === 'gap',
});

/** What is parked of a source partition. */
export interface ParkedOfPartition {
  readonly keys: Map<string, ParkedOfKey>;
  /** The ordinals of its events that are behind the checkpoint: whoever parked them was cut off before that moved. */
  readonly ahead: ReadonlySet<number>;
  /** Of keys that are blocked by one of these first: its ordinal. Events of the key in front of it were not, and come again as well. */
  readonly blockedFrom: ReadonlyMap<string, number>;
  /** Those whose last retry may have been cut off while its rows were stored, in their order. */
  readonly cutOff: readonly ParkedEvent[];
}

/** @param checkpointOrdinal of the views, where it matters what is ahead of them. */
export async function parkedKeys(
  views: Views,
  { topic, partition }: { readonly topic: string; readonly partition: number },
  checkpointOrdinal = Infinity,
): Promise<ParkedOfPartition> {
  const keys = new Map<string, ParkedOfKey>();
  const ahead = new Set<number>();
  const blockedFrom = new Map<string, number>();
  const cutOff: ParkedEvent[] = [];
  let after: string | undefined;
  for (;;) {
    const page = await pageOfParked(views, { topic, partition }, { limit: 1_000, ...(after === undefined ? {} : { after }) });
    for (const parked of page) {
      const { key, reason, place, tried } = parked;
      const before = keys.get(key);
      const ordinal = ordinalOf(place);
      keys.set(key, addedTo(before, reason));
      if (ordinal > checkpointOrdinal) {
        ahead.add(ordinal);
        if (isBlocking(reason) && !before?.isBlocking) blockedFrom.set(key, ordinal);
      }
      if (tried?.lastOrdinal === checkpointOrdinal) cutOff.push(parked);
    }
    if (page.length < 1_000) return { keys, ahead, blockedFrom, cutOff };
    after = page.at(-1)!.place;
  }
}
