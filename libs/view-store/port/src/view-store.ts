import type { JsonObject, RowKey } from '@ringside/core';

export type { RowKey } from '@ringside/core';

/** Partitions and keys are well-formed strings of 1 to `nameBytesMax` bytes in UTF-8; keys order by those bytes. */
export interface Row {
  readonly partition: string;
  readonly key: string;
  /** What `JSON.parse(JSON.stringify(value))` gives for the value that was written. */
  readonly value: JsonObject;
  /** The write that won. See {@link RowWrite}. Without meaning in rows that `insertOnce` made. */
  readonly timestamp: number;
}

/**
 * A write that may come late or twice. The higher timestamp wins, a deletion counts as a write, and of two with the same
 * timestamp either may win (they must be equal). Timestamps are sequence numbers (integers, 1 to 2^53-1), never a clock's.
 * So a deletion is remembered: a put that comes after it with a lower timestamp does not bring the row back. A driver may
 * forget a deletion in the end, and says in its documentation when.
 */
export type RowWrite = RowPut | (RowKey & { readonly kind: 'delete'; readonly timestamp: number });

export type RowPut = RowKey & { readonly kind: 'put'; readonly timestamp: number; readonly value: JsonObject };

export interface PageOptions {
  /** Rows with keys from this one on (inclusive). */
  readonly from?: string;
  /** Rows with keys up to this one (exclusive). */
  readonly to?: string;
  /** Rows behind this key, in the direction of reading: the cursor of the next page. */
  readonly after?: string;
  /** 1 to 1,000. */
  readonly limit: number;
  readonly descending?: boolean;
}

/** How far a subscription has come in one partition of its topic. */
export interface Checkpoint {
  readonly subscription: string;
  readonly partition: number;
  /** The epoch that {@link ViewStore.takeOver} gave. A write with an older one is refused. */
  readonly epoch: number;
  /** Position in the event log of the last event that the views contain; null before the first. */
  readonly position: string | null;
  /** How many events were counted up to there: the timestamp of the rows that the last one wrote. */
  readonly ordinal: number;
}

export type WriteOutcome =
  | { readonly outcome: 'written' }
  /**
   * Another consumer has taken the partition over (or nobody ever did): this checkpoint did not move. Nothing else of the
   * call is visible either where the driver has `fencesRows`; otherwise its rows may be, and lose by their timestamps.
   */
  | { readonly outcome: 'fenced'; readonly subscription: string; readonly partition: number };

export interface WriteOptions {
  /**
   * Further rows, written when all others of the call are durable: those by which a caller knows that the others are there.
   * Like the others, they come in no particular order of their partitions.
   */
  readonly last?: readonly RowWrite[];
  /**
   * Further rows of which the caller knows that nothing newer was written under their names, nor will anything older be, as it is their
   * only writer and its timestamps rise; each is named once in the call. A driver need not look for what is there, nor remember what
   * is deleted. Where the caller is wrong, either stays.
   */
  readonly newest?: readonly RowWrite[];
  /**
   * Moved after the rows are there, and only under the current epoch; each subscription's partition at most once a call.
   * Within an epoch a checkpoint never goes back: one with a lower ordinal than the stored one's leaves that as it is, and
   * the outcome is still `written` (it is a late repetition; its rows lose by their timestamps).
   */
  readonly checkpoints?: readonly Checkpoint[];
}

export interface NewStreamEvent {
  readonly id: string;
  readonly type: string;
  readonly data: JsonObject;
}

export interface StreamEvent extends NewStreamEvent {
  /** 1 for the stream's first event. */
  readonly version: number;
}

/** Where a stream stands; `{ version: 0, fence: 0 }` for one that does not exist. */
export interface StreamHead {
  /** Of its last event. */
  readonly version: number;
  /** How often {@link ViewStore.raiseFence} raised it: an append that was prepared under a lower one is refused. */
  readonly fence: number;
}

export interface StreamAppend {
  readonly stream: string;
  /** The version that the decision was made on; 0 for a stream that does not exist. */
  readonly expectedVersion: number;
  /** The fence that {@link ViewStore.streamHead} gave before the append was prepared; 0 where nobody ever raised it. */
  readonly fence: number;
  /** Makes a retry return the first answer. Identifies the command within its stream. */
  readonly commandId: string;
  /** None is allowed: the command and its result are kept, the version stays. */
  readonly events: readonly NewStreamEvent[];
  /** Kept with the command, and given back to whoever sends it again. */
  readonly result: JsonObject;
}

export type StreamAppendOutcome =
  | { readonly outcome: 'appended'; readonly version: number }
  /** This command was already taken: its first result, and the version it led to. */
  | { readonly outcome: 'repeated'; readonly version: number; readonly result: JsonObject }
  /** Somebody else was faster: nothing was stored. */
  | { readonly outcome: 'conflict'; readonly version: number }
  /** The fence was raised since, while the version is still the expected one: nothing was stored, nor ever will be. */
  | { readonly outcome: 'fenced'; readonly version: number; readonly fence: number };

/** A command that a stream has taken: its result, and the version it led to. */
export interface StreamCommand {
  readonly version: number;
  readonly result: JsonObject;
}

/** What came of looking at some more rows of two tables. */
export interface UnlikeRows {
  /** Looked at, those that both have as one. */
  readonly rows: number;
  /** Not alike byte for byte; their values may still be. */
  readonly unlike: readonly Pick<RowKey, 'partition' | 'key'>[];
}

export type InsertOutcome = { readonly outcome: 'inserted' } | { readonly outcome: 'exists'; readonly value: JsonObject };

export type StoreHealth = { readonly status: 'up' } | { readonly status: 'down'; readonly reason: string };

/** Where drivers differ, as data. */
export interface ViewStoreCapabilities {
  /**
   * All rows and checkpoints of one `write` become visible together. Without it: first the rows, partition by partition in any
   * order; then those of `last`, in the same way; then the checkpoints. A call that is cut off leaves any partitions of one stage.
   */
  readonly atomicWrite: boolean;
  /** A fenced `write` leaves no row. Without it the late rows may be stored, and lose by their timestamps. */
  readonly fencesRows: boolean;
}

/**
 * Tables of rows, streams of events, and the checkpoints of subscriptions.
 *
 * An implementer must:
 * - resolve a write only when it is durable;
 * - make the rows of one table partition within one `write` visible together (one atomic batch; `togetherRowsMax` and
 *   `togetherBytesMax` say how far), those of `last` apart from the others;
 * - write `last` when all other rows are durable, and move checkpoints when all of `last` are;
 * - reject with `UnavailableError` where trying again may help. The outcome is then unknown; the same write again is harmless;
 * - refuse bad arguments by the checks of `bounds.ts` before anything is stored (`TypeError`, `RangeError`: they are bugs), and
 *   with `UnknownTableError` a table that is not there, whichever process created or dropped it;
 * - show a read whatever was written before it began, by this client or by any other.
 * It need not isolate reads from writes of other partitions.
 *
 * A caller must keep tables that `insertOnce` uses apart from those that `write` uses: a lightweight transaction and a plain
 * write on one row do not order.
 */
export interface ViewStore {
  /** Names the driver in logs and in health answers. */
  readonly driver: string;
  readonly capabilities: ViewStoreCapabilities;

  /** Creates the tables that are missing. Names: `[a-z][a-z0-9_]{0,47}`. */
  createTables(tables: readonly string[]): Promise<void>;

  /** Removes tables with all their rows; missing ones are passed over. */
  dropTables(tables: readonly string[]): Promise<void>;

  tables(): Promise<readonly string[]>;

  get(key: RowKey): Promise<Row | undefined>;

  /** Point reads, answered in the order asked; tables may be mixed. What is of one state: see `readTogetherRowsMax`. */
  getMany(keys: readonly RowKey[]): Promise<readonly (Row | undefined)[]>;

  page(table: string, partition: string, options: PageOptions): Promise<readonly Row[]>;

  /**
   * Every row of a table once: partitions in an order of the driver's own, one after the other, keys in order within each.
   * For parity checks. A row that is written during the scan may or may not be seen.
   */
  scan(table: string): AsyncIterable<Row>;

  /**
   * The rows that two tables may not have alike: those with other values or timestamps, and those that one of them lacks. A row that is
   * written meanwhile may or may not be seen. For parity checks; absent where a driver has nothing faster than two scans.
   */
  readonly unlike?: (left: string, right: string) => AsyncIterable<UnlikeRows>;

  write(rows: readonly RowWrite[], options?: WriteOptions): Promise<WriteOutcome>;

  /** Inserts where nothing is; answers with what is there otherwise. Linearizable per row. */
  insertOnce(row: RowKey & { readonly value: JsonObject }): Promise<InsertOutcome>;

  /** Makes the caller the writer of this partition: raises the epoch (to 1 at first), and answers with where the views stand. */
  takeOver(subscription: string, partition: number): Promise<Checkpoint>;

  /** Where a subscription stands, by partition, without taking anything over; empty where nobody ever took it over. */
  checkpoints(subscription: string): Promise<readonly Checkpoint[]>;

  /**
   * Forgets where a subscription stood, and fences whoever writes for it at present: the next `takeOver` begins at null,
   * with an epoch above all that were given before.
   */
  resetCheckpoints(subscription: string): Promise<void>;

  /**
   * Appends if the stream is at the expected version and under the given fence, and the command is new. Linearizable per stream.
   * Rejected by `UnavailableError`, it may have been stored or may yet be, however late, until its version has passed or its
   * fence was raised: sent again with its command's id, it is answered as what became of the first.
   */
  appendToStream(append: StreamAppend): Promise<StreamAppendOutcome>;

  /** Behind all appends that were answered. Linearizable per stream. */
  streamHead(stream: string): Promise<StreamHead>;

  /** The command, if the stream has taken it. Behind all appends that were answered. Linearizable per stream. */
  streamCommand(stream: string, commandId: string): Promise<StreamCommand | undefined>;

  /**
   * Shuts out every append that was prepared under an older fence, and then answers where the stream stands: what is not in that
   * version will not come, unless it was prepared under the fence of this answer. Raising it twice, or several at once, is harmless.
   */
  raiseFence(stream: string): Promise<StreamHead>;

  /** Events behind a version, oldest first; at most 1,000 a call. */
  readStream(stream: string, afterVersion?: number): Promise<readonly StreamEvent[]>;

  /** A round trip to the store; answers within 2 s. */
  health(): Promise<StoreHealth>;

  /** Waits for calls under way. Later ones reject with `UnavailableError`, and `health` answers `down`. */
  close(): Promise<void>;
}
