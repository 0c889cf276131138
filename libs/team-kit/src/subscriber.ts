import type { JsonObject, Projection, RowKey } from '@ringside/core';
import type { StoredRecord } from '@ringside/event-log';
import type { RingsideEvent } from '@ringside/events';
import type { PageOptions, Row } from '@ringside/view-store';

export interface ViewReader {
  get(row: RowKey): Promise<JsonObject | undefined>;
  getMany(rows: readonly RowKey[]): Promise<readonly (Row | undefined)[]>;
  page(table: string, partition: string, options: PageOptions): Promise<readonly Row[]>;
}

export interface ReactionContext {
  readonly views: ViewReader;
  /** The region that this service runs in. */
  readonly region: string;
  /** The service, as the `source` of what it produces. */
  readonly source: string;
}

/**
 * What follows from an event: further events on the log. Runs after the views contain the event, and may run again after a crash:
 * derive the ids of what it returns (`deriveUuidv7`), and the copy is dropped. To events of one
 * key it reacts in order, to those of different keys at the same time. What it reads may be shared: it changes none of it.
 */
export interface Reaction {
  readonly name: string;
  /**
   * `in_origin`, the default: in the region that produced the event, so that of all regions one says what follows. `everywhere`: in each
   * region that hears it, for what follows from what each has for itself, and stays there. Without a ring it runs in any case.
   */
  readonly runs?: 'in_origin' | 'everywhere';
  /** Topics of the contract that it alone of its service publishes to: besides those of the subscriber's `needs`. */
  readonly publishes?: readonly string[];
  /** Cheap and synchronous: whether this event can lead to anything. */
  readonly concerns: (event: RingsideEvent) => boolean;
  readonly react: (event: RingsideEvent, context: ReactionContext) => Promise<readonly RingsideEvent[]>;
}

/** Somebody who subscribes to topics and keeps views of its own: each team, and report-intake. A value, not a subclass. */
export interface Subscriber {
  /** Durable: the subscription's name on the log and the checkpoint's in the view store. */
  readonly name: string;
  /** Of the contract. Where these are in a region's log is for its placement to say: see `placed`. */
  readonly topics: readonly string[];
  readonly projections: readonly Projection<RingsideEvent>[];
  /**
   * The view partition that an event belongs to. The kit keeps the event's id there, written in one piece with the rest of
   * that partition, and drops a second copy of the event however late it comes. Undefined for events whose projections
   * only insert facts under natural keys: a copy changes nothing there.
   */
  readonly identity?: (event: RingsideEvent) => { readonly table: string; readonly partition: string } | undefined;
  readonly reactions: readonly Reaction[];
  /**
   * The event in a record, where this process has it because it has encoded it to exactly these bytes. Undefined for all others, which
   * are decoded; and so they are, all of them, where this is absent.
   */
  readonly known?: (record: Pick<StoredRecord, 'id' | 'bytes'>) => RingsideEvent | undefined;
  /** Waits so long after a batch that was not full, in ms: for views that need not be fresh within milliseconds. */
  readonly lingerMs?: number;
  /** What its service uses besides: topics (of the contract) that it appends to, and tables outside its views, which no rebuild touches. */
  readonly needs?: { readonly topics: readonly string[]; readonly tables: readonly string[] };
}

/** The kit's own tables. What was discarded is remembered, or a rebuild would bring it back. */
export const parkedTable = 'parked_events';
export const discardedTable = 'discarded_events';

/** The tables that a subscriber's projections write, and the kit's own. */
export const tablesOf = (subscriber: Subscriber): readonly string[] => [
  ...new Set([...subscriber.projections.flatMap(({ tables }) => tables), parkedTable, discardedTable]),
];
