import { isoTime, timeOfUuidv7, type Projection, type RowKey } from '@ringside/core';
import type { PlacedTopic, Placement } from '@ringside/data-ring';
import { partitionOf } from '@ringside/event-log';
import type { RingsideEvent } from '@ringside/events';

import { addedBy, hashOf } from './digest.js';

/** One row for each event that this region's log has of a shared topic. */
export const holdingsTable = 'holdings';
/** Figures of days and of buckets: what two regions compare before they look at single events. */
export const talliesTable = 'holding_tallies';

/** The keys of a topic are parted into so many ranges: a bucket is what one hour had of one of them. */
const keyRanges = 16;

/** Topics of this region's log that other regions have as well; none where it is by itself. */
export const sharedTopics = ({ held, regions }: Placement): readonly PlacedTopic[] =>
  regions.length < 2 ? [] : held.filter(({ topic }) => topic.zone !== 'regional');

/** An event that the log has, as a row. */
export type Holding = {
  /** Over its id and its bytes, those of the first copy. */
  readonly hash: string;
  /** Where this region's log has the first copy. */
  readonly partition: number;
  readonly position: string;
  /** When this region's log took the first copy, in ms since the epoch. */
  readonly takenAt: number;
  /** How often the log has it besides. */
  readonly copies: number;
  /** How many of these copies have other bytes. */
  readonly conflicts: number;
};

/** Where an event belongs among what is held. `bucket`: key range and hour of its id, such as `2026-01-31T12/7`. */
export interface HeldAt {
  readonly topic: string;
  readonly bucket: string;
}

const bucketShape = /^[+\d][\d-]{9,14}T\d\d\/[0-9a-f]$/;
const dayShape = /^[+\d][\d-]{9,14}$/;
export const isBucket = (text: string): boolean => bucketShape.test(text);
export const isDay = (text: string): boolean => dayShape.test(text);

export const dayOf = (bucket: string): string => bucket.slice(0, bucket.indexOf('T'));

/** The bucket of an event, by its id and the key of its record. The same in every region. */
export function bucketOf(id: string, key: string): string {
  const [day, time] = isoTime(timeOfUuidv7(id)).split('T');
  return `${day}T${time!.slice(0, 2)}/${partitionOf(key, keyRanges).toString(16)}`;
}

export const holdingRow = ({ topic, bucket }: HeldAt, id: string): RowKey => ({
  table: holdingsTable,
  partition: `${topic}/${bucket}`,
  key: id,
});

/** The partition of a topic's days, and that of the buckets of one of them. */
export const daysPartition = (topic: string): string => `${topic}/days`;
export const bucketsPartition = (topic: string, day: string): string => `${topic}/${day}`;

/**
 * What this region's log has of the topics that it shares with others, whatever order it came in. A copy of an event that is held is
 * counted and adds nothing to the digests, so the view has no identity that would drop it before it is seen.
 */
export function holdings(placement: Placement): Projection<RingsideEvent> {
  const shared = new Set(sharedTopics(placement).map(({ name }) => name));
  const places = new WeakMap<RingsideEvent, HeldAt>();
  const placeOf = (event: RingsideEvent): HeldAt => {
    const known = places.get(event);
    if (known !== undefined) return known;
    const { topic, key, id } = placement.recordOf(event);
    const place = { topic, bucket: bucketOf(id, key) };
    places.set(event, place);
    return place;
  };
  return {
    name: 'Holdings',
    tables: [holdingsTable, talliesTable],
    entity: (event) => {
      const place = placeOf(event);
      return shared.has(place.topic) ? holdingRow(place, event.id) : undefined;
    },
    project: (event, rows, record) => {
      if (record === undefined) throw new TypeError('What a region holds is read from records, and there is none.');
      const place = placeOf(event);
      const row = holdingRow(place, event.id);
      const hash = hashOf(event.id, record.bytes);
      const known = rows.get(row) as Holding | undefined;
      const tallied = (partition: string, key: string, amounts: Readonly<Record<string, number>>) =>
        ({ kind: 'count', table: talliesTable, partition, key, amounts }) as const;
      if (known !== undefined) {
        const conflicts = known.hash === hash ? 0 : 1;
        const value: Holding = { ...known, copies: known.copies + 1, conflicts: known.conflicts + conflicts };
        const amounts = { doubled: 1, conflicting: conflicts };
        return [{ kind: 'put', ...row, value }, tallied(daysPartition(place.topic), dayOf(place.bucket), amounts)];
      }
      const { partition, position, appendedAt: takenAt } = record;
      const amounts = addedBy(hash);
      return [
        { kind: 'put', ...row, value: { hash, partition, position, takenAt, copies: 0, conflicts: 0 } satisfies Holding },
        tallied(bucketsPartition(place.topic, dayOf(place.bucket)), place.bucket, amounts),
        tallied(daysPartition(place.topic), dayOf(place.bucket), amounts),
      ];
    },
  };
}
