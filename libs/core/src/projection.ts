import type { JsonObject } from './json.js';

/** Addresses one row of a view: a table's partition, and a key that orders the rows within it (UTF-8 byte order). */
export interface RowKey {
  readonly table: string;
  readonly partition: string;
  readonly key: string;
}

/** What a projection may change. Timestamps are not its business: whoever runs it stamps each write with the event's ordinal. */
export type ViewWrite =
  | (RowKey & {
      readonly kind: 'put';
      readonly value: JsonObject;
      /** The store has no such row. Where it is deleted again within the batch, neither is written: one that was there would stay. */
      readonly isNew?: true;
    })
  | (RowKey & { readonly kind: 'delete' })
  /**
   * Adds to figures. Stored as one absolute row per source partition, so that nothing needs a counter and a redelivered
   * event counts once; whoever reads adds the rows up.
   */
  | (RowKey & { readonly kind: 'count'; readonly amounts: Readonly<Record<string, number>> });

export interface RowReader {
  /**
   * A row of the entity's partition; undefined where there is none. One that neither `entity` nor `reads` named reads as undefined
   * at first: it is fetched, and the projection is run again with it.
   */
  get(key: RowKey): JsonObject | undefined;
}

/** The record of the log that an event was decoded from. */
export interface ProjectedRecord {
  /** Of the log. */
  readonly topic: string;
  readonly partition: number;
  /** Where it is in the partition. Differs between regions, as the partition's contents do. */
  readonly position: string;
  readonly bytes: Uint8Array;
  /** When the log took it, in ms since the epoch. Differs between regions. */
  readonly appendedAt: number;
}

/**
 * The pure function that builds a view: given an event and the rows it asked for, the rows to write.
 *
 * It may be run again for an event whose writes were only partly stored. That changes nothing, because
 * - its entity row remembers the last event that it contains: an event that is not newer is not projected again;
 * - the entity's partition is written last and in one piece, after all rows elsewhere;
 * - it reads from the entity's partition alone, so that what it reads and what it guards cannot be apart.
 *
 * The log orders the events of one key and no others. A rebuild takes them key by key; where an entity is made of several keys' events,
 * it notices and begins anew in the log's order, which takes longer.
 */
export interface Projection<Event> {
  /** Named after the view: `OpenCases`. */
  readonly name: string;
  /** Tables that it writes. A table belongs to one projection. */
  readonly tables: readonly string[];
  /** The row whose state this event changes; undefined where the event does not concern this view. */
  readonly entity: (event: Event) => RowKey | undefined;
  /** Rows that it will need, all in the entity's partition of the entity's table: fetched for a whole batch at once. */
  readonly reads?: (event: Event) => readonly RowKey[];
  /**
   * For an entity whose partition is made of one stream: the position of the event in it, from 1 on without gaps. Each position is
   * then projected once and in order, whatever the log repeats: one that the view has is passed over; one behind a gap is held
   * (parked as `gap`) and goes on by itself when those before it have come, while other events of its key flow. How far the view
   * has the stream is kept in the row `sequence` of the partition, which is not the projection's to write.
   */
  readonly sequence?: (event: Event) => number;
  /**
   * The position that the event's comes right behind, 0 for none; the one before it where this is absent. For streams that fork:
   * positions need not be without gaps then, and an event waits for the one that it follows. Whether two may follow one is the
   * projection's business.
   */
  readonly follows?: (event: Event) => number;
  /** `record` is for views of the log itself; absent where an event is projected that is in hand without it. */
  readonly project: (event: Event, rows: RowReader, record?: ProjectedRecord) => readonly ViewWrite[];
}
