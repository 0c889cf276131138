import type { Json, JsonObject, RowKey } from '@ringside/core';
import type { PageOptions, Row, RowWrite, ViewStore } from '@ringside/view-store';

import type { ViewReader } from './subscriber.js';

const pointerTable = 'view_generations';

/**
 * A subscriber's views in the store. Its tables exist in generations (`cases_g1`, `cases_g2`): a rebuild fills the next
 * one beside the live one, and flips a pointer. Everybody else says `cases`.
 */
export class Views implements ViewReader {
  private constructor(
    readonly store: ViewStore,
    private readonly owner: string,
    readonly generation: number,
  ) {}

  /** The generation that the pointer names; 1 before the first rebuild. */
  static async current(store: ViewStore, owner: string): Promise<Views> {
    await store.createTables([pointerTable]);
    const pointer = await store.get({ table: pointerTable, partition: owner, key: 'current' });
    return new Views(store, owner, (pointer?.value['generation'] as number | undefined) ?? 1);
  }

  ofGeneration(generation: number): Views {
    return new Views(this.store, this.owner, generation);
  }

  /** Makes this generation the one that {@link Views.current} opens. */
  async makeCurrent(): Promise<void> {
    const { timestamp = 0 } = (await this.store.get({ table: pointerTable, partition: this.owner, key: 'current' })) ?? {};
    const value = { generation: this.generation };
    const row = { table: pointerTable, partition: this.owner, key: 'current' };
    await this.store.write([{ kind: 'put', ...row, timestamp: timestamp + 1, value }]);
  }

  physical(table: string): string {
    return `${table}_g${this.generation}`;
  }

  /** The name under which the store keeps the checkpoints of one topic. */
  checkpointName(topic: string): string {
    return `${this.owner}/${topic}/g${this.generation}`;
  }

  createTables(tables: readonly string[]): Promise<void> {
    return this.store.createTables(tables.map((table) => this.physical(table)));
  }

  dropTables(tables: readonly string[]): Promise<void> {
    return this.store.dropTables(tables.map((table) => this.physical(table)));
  }

  async get(row: RowKey): Promise<JsonObject | undefined> {
    return (await this.store.get(this.address(row)))?.value;
  }

  getMany(rows: readonly RowKey[]): Promise<readonly (Row | undefined)[]> {
    return this.store.getMany(rows.map((row) => this.address(row)));
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

  address<R extends RowKey>(row: R): R {
    return { ...row, table: this.physical(row.table) };
  }

  addressed(write: RowWrite): RowWrite {
    return this.address(write);
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
