import type { RowKey } from '@ringside/core';
import type { Row, RowPut, RowWrite } from '@ringside/view-store';

import { NameFilter } from './name-filter.js';
import type { ViewRows } from './view-rows.js';
import type { Views } from './views.js';

/** Rows to write: those of which nothing newer can be there, and those that the store has to look for. */
export interface StagedFresh {
  readonly newest: readonly RowPut[];
  readonly rows: readonly RowWrite[];
}

/**
 * The rows of views that one writer fills from nothing: what it has not written is not there, so most rows that projections begin with
 * are not asked for, and none is looked for when it is written.
 */
export class FreshRows implements ViewRows {
  private readonly written = new NameFilter();

  /** @param settled waits for the writes under way: what is asked for may be among them. */
  constructor(
    private readonly views: Views,
    private readonly settled: () => Promise<void>,
  ) {}

  physical(table: string): string {
    return this.views.physical(table);
  }

  async getMany(rows: readonly RowKey[]): Promise<readonly (Row | undefined)[]> {
    const found: (Row | undefined)[] = Array.from({ length: rows.length });
    const places: number[] = [];
    rows.forEach(({ table, partition, key }, i) => {
      if (this.written.mayHave({ table: this.physical(table), partition, key })) places.push(i);
    });
    if (places.length === 0) return found;
    await this.settled();
    const there = await this.views.getMany(places.map((i) => rows[i]!));
    there.forEach((row, i) => (found[places[i]!] = row));
    return found;
  }

  /** From here on the rows count as written: they are to be, before anything else is. */
  stage(writes: Iterable<RowWrite>): StagedFresh {
    const newest: RowPut[] = [];
    const rows: RowWrite[] = [];
    for (const write of writes) {
      if (write.kind === 'put') newest.push(write);
      else if (this.written.mayHave(write)) rows.push(write);
    }
    for (const row of newest) this.written.add(row);
    return { newest, rows };
  }
}
