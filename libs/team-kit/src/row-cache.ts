import type { JsonObject, RowKey, RowReader } from '@ringside/core';
import type { Row, RowWrite } from '@ringside/view-store';

/** Rows of one write: `last` once all others are durable. */
export interface StagedRows {
  readonly rows: readonly RowWrite[];
  readonly last: readonly RowWrite[];
  /** Those of them that delete what was not there before: needed only where an earlier attempt may have stored it. */
  readonly undone?: ReadonlySet<RowWrite>;
}

/** A partition of a table. */
type Place = Pick<RowKey, 'table' | 'partition'>;

interface CachedPartition extends Place {
  readonly rows: Map<string, CachedRow>;
  /** By what it holds, an event counts as contained. */
  isGuard: boolean;
  /** See {@link RowCache.tells}. */
  readonly tellers: Set<CachedRow>;
}

interface CachedRow {
  readonly of: CachedPartition;
  readonly key: string;
  /** False until it was loaded or set: nothing is known of it. */
  isKnown: boolean;
  /** Undefined where there is no row, or where it was deleted. */
  value: JsonObject | undefined;
  /** 0 where there is no row. */
  timestamp: number;
  /** Its timestamp as it was loaded; undefined where it was not. */
  loaded: number | undefined;
  isWritten: boolean;
  /** Before it was set, there was none. */
  wasAbsent: boolean;
}

type Before = Pick<CachedRow, 'isKnown' | 'value' | 'timestamp' | 'isWritten'>;

/**
 * The rows that a batch of events reads and writes, as they stand after the events projected so far. By table, partition and key, and
 * not by one name made of the three: that name would be made, and hashed, some fifty times for one event.
 */
export class RowCache implements RowReader {
  private readonly tables = new Map<string, Map<string, CachedPartition>>();
  private readonly written: CachedRow[] = [];
  private undo: (readonly [row: CachedRow, before: Before])[] = [];
  private readonly asked = new Map<CachedRow, RowKey>();
  private mayAsk: CachedPartition | undefined;
  /** The partition that was asked for last: mostly, the next one is the same. */
  private latest: CachedPartition | undefined;

  /** Rows of `keys` that are not here yet, to be fetched and given to {@link load}. */
  missing(keys: Iterable<RowKey>): readonly RowKey[] {
    const wanted = new Map<CachedRow, RowKey>();
    for (const key of keys) {
      const row = this.row(key);
      if (!row.isKnown) wanted.set(row, key);
    }
    return [...wanted.values()];
  }

  /**
   * Answers whether rows that were loaded before are stored as they were then: these stay here as they stand. Where not, what was loaded
   * is of several states.
   */
  load(keys: readonly RowKey[], found: readonly (Row | undefined)[]): boolean {
    let isOneState = true;
    keys.forEach((key, i) => {
      const row = this.row(key);
      const stored = found[i];
      const timestamp = stored?.timestamp ?? 0;
      if (row.loaded !== undefined) {
        isOneState &&= row.loaded === timestamp;
        return;
      }
      row.isKnown = true;
      row.value = stored?.value;
      row.timestamp = row.loaded = timestamp;
    });
    return isOneState;
  }

  /**
   * Every event that changes anything in the partition of this row changes it, or another one of which the same was said. Where one does
   * not, reads between which it came are not told apart.
   */
  tells(row: RowKey): void {
    this.partition(row).tellers.add(this.row(row));
  }

  /**
   * What to read for these rows in one call each, so that {@link load} notices where it is of several states: of each partition at most
   * `rowsMax` rows, with those that {@link tells} names. Where events have a row of their own each to tell, these are too many, and
   * nothing is read beside them.
   */
  pieces(keys: readonly RowKey[], rowsMax: number): readonly (readonly RowKey[])[] {
    const ofPartitions = new Map<CachedPartition, RowKey[]>();
    for (const key of keys) {
      const of = this.partition(key);
      const rows = ofPartitions.get(of);
      if (rows === undefined) ofPartitions.set(of, [key]);
      else rows.push(key);
    }
    const common: RowKey[] = [];
    const pieces: RowKey[][] = [common];
    for (const [of, rows] of ofPartitions) {
      const known = [...of.tellers].filter(({ loaded }) => loaded !== undefined).map(keyOf);
      const isTeller = (key: RowKey): boolean => of.tellers.has(this.row(key));
      if (rows.length + known.length <= rowsMax) {
        for (const key of [...rows, ...known]) common.push(key);
        continue;
      }
      const tellers = [...known, ...rows.filter(isTeller)];
      const others = rows.filter((key) => !isTeller(key));
      if (others.length === 0 || tellers.length > rowsMax / 2) {
        for (const key of rows) common.push(key);
        continue;
      }
      const step = rowsMax - tellers.length;
      for (let i = 0; i < others.length; i += step) pieces.push([...tellers, ...others.slice(i, i + step)]);
    }
    return pieces.filter((piece) => piece.length > 0);
  }

  /** A row that is not here yet reads as absent and is noted, where it is in the partition that {@link admit} named. */
  get(key: RowKey): JsonObject | undefined {
    const row = this.row(key);
    if (!row.isKnown && row.of === this.mayAsk) {
      this.asked.set(row, key);
      return undefined;
    }
    return known(row).value;
  }

  /** From here on, rows of this partition may be asked for without having been loaded. */
  admit(place: Place): void {
    this.mayAsk = this.partition(place);
  }

  /** What is written in this partition comes last: see {@link writes}. */
  guard(place: Place): void {
    this.partition(place).isGuard = true;
  }

  get hasAsked(): boolean {
    return this.asked.size > 0;
  }

  /** Rows that were asked for in vain since the last call. What was computed meanwhile is void. */
  takeAsked(): readonly RowKey[] {
    this.mayAsk = undefined;
    if (this.asked.size === 0) return none;
    const asked = [...this.asked.values()];
    this.asked.clear();
    return asked;
  }

  /** The row, where it was set. */
  writtenRow({ table, partition, key }: RowKey): Row | undefined {
    const row = this.tables.get(table)?.get(partition)?.rows.get(key);
    if (row?.isWritten !== true || row.value === undefined) return undefined;
    return { partition, key, value: row.value, timestamp: row.timestamp };
  }

  timestamp(key: RowKey): number {
    return known(this.row(key)).timestamp;
  }

  /** @param isNew it is known that there is no such row, though it was not loaded. */
  set(key: RowKey, value: JsonObject | undefined, timestamp: number, isNew = false): void {
    const row = this.row(key);
    const { isKnown, isWritten, timestamp: before } = row;
    this.undo.push([row, { isKnown, value: row.value, timestamp: before, isWritten }]);
    row.isKnown = true;
    row.value = value;
    row.timestamp = timestamp;
    if (isWritten) return;
    row.wasAbsent = isKnown ? before === 0 : isNew;
    row.isWritten = true;
    this.written.push(row);
  }

  /** From here on, {@link rollback} takes back what is set. */
  mark(): void {
    this.undo = [];
  }

  rollback(): void {
    for (const [row, before] of this.undo.reverse()) Object.assign(row, before);
    this.undo = [];
    while (this.written.at(-1)?.isWritten === false) this.written.pop();
  }

  /** Everything that was set, as it stands now: what is in guarded partitions apart from the rest. */
  writes(physical: (table: string) => string): StagedRows {
    const rows: RowWrite[] = [];
    const last: RowWrite[] = [];
    const undone = new Set<RowWrite>();
    for (const { of, key, value, timestamp, wasAbsent } of this.written) {
      const table = physical(of.table);
      const { partition } = of;
      const write: RowWrite =
        value === undefined
          ? { kind: 'delete', table, partition, key, timestamp }
          : { kind: 'put', table, partition, key, timestamp, value };
      (of.isGuard ? last : rows).push(write);
      if (value === undefined && wasAbsent) undone.add(write);
    }
    return { rows, last, undone };
  }

  private row(key: RowKey): CachedRow {
    const of = this.partition(key);
    let row = of.rows.get(key.key);
    if (row === undefined) {
      row = {
        of,
        key: key.key,
        isKnown: false,
        value: undefined,
        timestamp: 0,
        loaded: undefined,
        isWritten: false,
        wasAbsent: false,
      };
      of.rows.set(key.key, row);
    }
    return row;
  }

  private partition({ table, partition }: Place): CachedPartition {
    const { latest } = this;
    if (latest?.partition === partition && latest.table === table) return latest;
    let partitions = this.tables.get(table);
    if (partitions === undefined) this.tables.set(table, (partitions = new Map()));
    let found = partitions.get(partition);
    if (found === undefined)
      partitions.set(partition, (found = { table, partition, rows: new Map(), isGuard: false, tellers: new Set() }));
    this.latest = found;
    return found;
  }
}

const none: readonly RowKey[] = [];

const keyOf = ({ of: { table, partition }, key }: CachedRow): RowKey => ({ table, partition, key });

function known(row: CachedRow): CachedRow {
  if (row.isKnown) return row;
  throw new Error(`A projection read ${row.of.table}/${row.key}: it reads from its entity's partition alone.`);
}
