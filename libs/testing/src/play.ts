import type { JsonObject, Projection, RowKey, RowReader } from '@ringside/core';

/** A view in memory: `table/partition/key` -> row. Figures of one key are added up. */
export type PlayedView = ReadonlyMap<string, JsonObject>;

const nameOf = ({ table, partition, key }: RowKey): string => `${table}/${partition}/${key}`;

/** Runs projections over events, in order, as the kit would with one source partition and no failures. */
export function play<Event>(projections: readonly Projection<Event>[], events: readonly Event[]): PlayedView {
  const rows = new Map<string, JsonObject>();
  const reader: RowReader = { get: (row) => rows.get(nameOf(row)) };
  for (const event of events) {
    for (const projection of projections) {
      if (projection.entity(event) === undefined) continue;
      for (const write of projection.project(event, reader)) {
        const name = nameOf(write);
        if (write.kind === 'delete') rows.delete(name);
        else if (write.kind === 'put') rows.set(name, write.value);
        else rows.set(name, sumOf(rows.get(name), write.amounts));
      }
    }
  }
  return new Map([...rows].filter(([, row]) => Object.keys(row).length > 0).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Amounts that come to nothing are left out. */
function sumOf(before: JsonObject | undefined, amounts: Readonly<Record<string, number>>): JsonObject {
  const sums: Record<string, number> = { ...(before as Record<string, number> | undefined) };
  for (const [name, amount] of Object.entries(amounts)) sums[name] = (sums[name] ?? 0) + amount;
  return Object.fromEntries(Object.entries(sums).filter(([, amount]) => amount !== 0));
}
