import type { RowKey } from '@ringside/core';

import type { RowCache } from './row-cache.js';
import type { ViewRows } from './view-rows.js';

type Amounts = Readonly<Record<string, number>>;

interface Figure {
  readonly row: RowKey;
  readonly added: { readonly ordinal: number; readonly amounts: Amounts }[];
}

/** What events add to figures, each of which is one absolute row per source partition. In whatever order the events were projected. */
export class Figures {
  private readonly figures = new Map<string, Figure>();

  count(row: RowKey, ordinal: number, amounts: Amounts): void {
    const name = `${row.table}\0${row.partition}\0${row.key}`;
    let figure = this.figures.get(name);
    if (figure === undefined) this.figures.set(name, (figure = { row, added: [] }));
    figure.added.push({ ordinal, amounts });
  }

  /** Adds everything up in the rows, and forgets it. What a row contains already, by its timestamp, is left out. */
  async addTo(cache: RowCache, views: ViewRows): Promise<void> {
    const rows = cache.missing([...this.figures.values()].map(({ row }) => row));
    cache.load(rows, await views.getMany(rows));
    for (const { row, added } of this.figures.values()) {
      const contained = cache.timestamp(row);
      const sums: Record<string, number> = { ...(cache.get(row) as Record<string, number> | undefined) };
      let newest = contained;
      for (const { ordinal, amounts } of added) {
        if (ordinal <= contained) continue;
        for (const [name, amount] of Object.entries(amounts)) sums[name] = (sums[name] ?? 0) + amount;
        newest = Math.max(newest, ordinal);
      }
      if (newest > contained) cache.set(row, sums, newest);
    }
    this.figures.clear();
  }
}
