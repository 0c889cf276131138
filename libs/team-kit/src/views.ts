import type { Json, JsonObject, RowKey } from '@ringside/core';
import type { Checkpoint, PageOptions, Row, RowWrite, ViewStore, WriteOutcome } from '@ringside/view-store';

import type { ViewReader } from './subscriber.js';

const pointerTable = 'view_generations';

/** Which generation is live, and which one was before it: what a rollback goes to. */
export interface Generations {
  readonly current: number;
  readonly previous: number | null;
}

/**
 * A subscriber's views in the store. Its tables exist in generations (`cases_g1`, `cases_g2`): a rebuild fills the next
 * one beside the live one, and flips a pointer. Everybody else says `cases`.
 */
export class Views implements ViewReader {
  /** Asked for with every row. There are as many as the code names. */
  private readonly physicalNames = new Map<string, string>();

  private constructor(
    readonly store: ViewStore,
    private readonly owner: string,
    readonly generation: number,
  ) {}

  /** The generation that the pointer names; 1 before the first rebuild. */
  static async current(store: ViewStore, owner: string): Promise<Views> {
    await store.createTables([pointerTable]);
    const views = new Views(store, owner, 1);
    return views.ofGeneration((await views.generations()).current);
  }

  /** What the pointer says now. */
  async generations(): Promise<Generations> {
    const value = (await this.pointer())?.value as Partial<Record<'generation' | 'previous', number | null>> | undefined;
    return { current: value?.generation ?? 1, previous: value?.previous ?? null };
  }

  ofGeneration(generation: number): Views {
    return new Views(this.store, this.owner, generation);
  }

  /**
   * Makes this generation the one that {@link Views.current} opens, if the checkpoints, those of its writer, still hold; the
   * one before it is remembered. Where the outcome is `fenced` the pointer is as it was.
   */
  async makeCurrent(checkpoints: readonly Checkpoint[]): Promise<WriteOutcome> {
    const before = await this.generations();
    const previous = before.current === this.generation ? before.previous : before.current;
    const outcome = await this.point({ current: this.generation, previous }, checkpoints);
    // The pointer is a row, and is stored all the same where rows are not fenced.
    if (outcome.outcome === 'fenced' && !this.store.capabilities.fencesRows) await this.point(before);
    return outcome;
  }

  /** The generation before the current one is no longer there to go back to. */
  async forgetPrevious(): Promise<void> {
    await this.point({ ...(await this.generations()), previous: null });
  }

  private pointer(): Promise<Row | undefined> {
    return this.store.get(this.pointerRow());
  }

  private async point({ current, previous }: Generations, checkpoints: readonly Checkpoint[] = []): Promise<WriteOutcome> {
    const timestamp = ((await this.pointer())?.timestamp ?? 0) + 1;
    const value = { generation: current, previous };
    return this.store.write([{ kind: 'put', ...this.pointerRow(), timestamp, value }], { checkpoints });
  }

  private pointerRow(): RowKey {
    return { table: pointerTable, partition: this.owner, key: 'current' };
  }

  physical(table: string): string {
    let name = this.physicalNames.get(table);
    if (name === undefined) this.physicalNames.set(table, (name = `${table}_g${this.generation}`));
    return name;
  }

  /** The name under which the store keeps the checkpoints of one topic. */
  checkpointName(topic: string): string {
    return `${this.owner}/${topic}/g${this.generation}`;
  }

  /** The name under which the store keeps how far events of a topic have been reacted to, in whatever generation. */
  reactedName(topic: string): string {
    return `${this.owner}/${topic}/reacted`;
  }

  createTables(tables: readonly string[]): Promise<void> {
    return this.store.createTables(tables.map((table) => this.physical(table)));
  }

  dropTables(tables: readonly string[]): Promise<void> {
    return this.store.dropTables(tables.map((table) => this.physical(table)));
  }

  async get(row: RowKey): Promise<JsonObject | undefined> {
    return (await this.store.get(this.placed(row)))?.value;
  }

  getMany(rows: readonly RowKey[]): Promise<readonly (Row | undefined)[]> {
    return this.store.getMany(rows.map((row) => this.placed(row)));
  }

  page(table: string, partition: string, options: PageOptions): Promise<readonly Row[]> {
    return this.store.page(this.physical(table), partition, options);
  }

  scan(table: string): AsyncIterable<Row> {
    return this.store.scan(this.physical(table));
  }

  /** Figures of a partition, with the rows of all source partitions added up: key -> amounts. */
  async figures(table: string, partition: string): Promise<ReadonlyMap<string, Readonly<Record<string, number>>>> {
    const sums = new Map<string, Record<string, number>>();
    let after: string | undefined;
    for (;;) {
      const rows = await this.page(table, partition, { limit: 1_000, ...(after === undefined ? {} : { after }) });
      for (const { key, value } of rows) add(sums, key.slice(0, key.lastIndexOf('#')), value);
      if (rows.length < 1_000) return sums;
      after = rows.at(-1)!.key;
    }
  }

  /** A write as the store takes it. */
  addressed(write: RowWrite): RowWrite {
    return { ...write, table: this.physical(write.table) };
  }

  /** Field by field: it is made for every row that is read. */
  private placed({ table, partition, key }: RowKey): RowKey {
    return { table: this.physical(table), partition, key };
  }
}

function add(
  sums: Map<string, Record<string, number>>,
  key: string,
  amounts: Readonly<Record<string, Json | undefined>>,
): void {
  const sum = sums.get(key) ?? {};
  for (const [name, amount] of Object.entries(amounts)) sum[name] = (sum[name] ?? 0) + Number(amount);
  sums.set(key, sum);
}
