import type { JsonObject, RowKey, RowReader } from '@ringside/core';
import type { Row, RowWrite } from '@ringside/view-store';

interface CachedRow {
  readonly row: RowKey;
  /** Undefined where there is no row, or where it was deleted. */
  readonly value: JsonObject | undefined;
  /** 0 where there is no row. */
  readonly timestamp: number;
}

/** The rows that a batch of events reads and writes, as they stand after the events projected so far. */
export class RowCache implements RowReader {
  private readonly rows = new Map<string, CachedRow>();
  private readonly written = new Set<string>();
  private undo: (readonly [name: string, before: CachedRow | undefined, wasWritten: boolean])[] = [];
  private readonly asked = new Map<string, RowKey>();
  private mayAsk: Pick<RowKey, 'table' | 'partition'> | undefined;

  /** Rows of `keys` that are not here yet, to be fetched and given to {@link load}. */
  missing(keys: Iterable<RowKey>): readonly RowKey[] {
    const wanted = new Map<string, RowKey>();
    for (const row of keys) {
      const name = nameOf(row);
      if (!this.rows.has(name)) wanted.set(name, row);
    }
    return [...wanted.values()];
  }

  load(keys: readonly RowKey[], found: readonly (Row | undefined)[]): void {
    keys.forEach((row, i) => {
      const stored = found[i];
      this.rows.set(nameOf(row), { row, value: stored?.value, timestamp: stored?.timestamp ?? 0 });
    });
  }

  /** A row that is not here yet reads as absent and is noted, where it is in the partition that {@link admit} named. */
  get(row: RowKey): JsonObject | undefined {
    const { mayAsk } = this;
    const name = nameOf(row);
    if (mayAsk?.table === row.table && mayAsk.partition === row.partition && !this.rows.has(name)) {
      this.asked.set(name, row);
      return undefined;
    }
    return this.entry(row).value;
  }

  /** From here on, rows of this partition may be asked for without having been loaded. */
  admit(partition: Pick<RowKey, 'table' | 'partition'>): void {
    this.mayAsk = partition;
  }

  get hasAsked(): boolean {
    return this.asked.size > 0;
  }

  /** Rows that were asked for in vain since the last call. What was computed meanwhile is void. */
  takeAsked(): readonly RowKey[] {
    this.mayAsk = undefined;
    if (this.asked.size === 0) return [];
    const asked = [...this.asked.values()];
    this.asked.clear();
    return asked;
  }

  timestamp(row: RowKey): number {
    return this.entry(row).timestamp;
  }

  set(row: RowKey, value: JsonObject | undefined, timestamp: number): void {
    const name = nameOf(row);
    this.undo.push([name, this.rows.get(name), this.written.has(name)]);
    const { table, partition, key } = row;
    this.rows.set(name, { row: { table, partition, key }, value, timestamp });
    this.written.add(name);
  }

  /** From here on, {@link rollback} takes back what is set. */
  mark(): void {
    this.undo = [];
  }

  rollback(): void {
    for (const [name, before, wasWritten] of this.undo.reverse()) {
      if (before === undefined) this.rows.delete(name);
      else this.rows.set(name, before);
      if (!wasWritten) this.written.delete(name);
    }
    this.undo = [];
  }

  writes(): readonly RowWrite[] {
    return [...this.written].map((name) => {
      const { row, value, timestamp } = this.rows.get(name)!;
      return value === undefined ? { kind: 'delete', ...row, timestamp } : { kind: 'put', ...row, timestamp, value };
    });
  }

  private entry(row: RowKey): CachedRow {
    const entry = this.rows.get(nameOf(row));
    if (entry === undefined) {
      throw new Error(`A projection read ${row.table}/${row.key}: it reads from its entity's partition alone.`);
    }
    return entry;
  }
}

const nameOf = ({ table, partition, key }: RowKey): string => `${table}\0${partition}\0${key}`;
