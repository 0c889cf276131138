import { expect } from '@jest/globals';
import type { RowKey } from '@ringside/view-store';

import { type DeclareCase, put, type Stage } from './stage.js';

interface Unlike {
  readonly rows: number;
  readonly names: readonly string[];
}

/** Undefined where the driver has no such method. */
async function unlikeIn({ store }: Stage, left: string, right: string): Promise<Unlike | undefined> {
  if (store.unlike === undefined) return undefined;
  let rows = 0;
  const names: string[] = [];
  for await (const looked of store.unlike(left, right)) {
    rows += looked.rows;
    names.push(...looked.unlike.map(({ partition, key }) => `${partition}/${key}`));
  }
  return { rows, names };
}

const keyOf = (i: number): string => `k${String(i).padStart(5, '0')}`;

async function twoTables(stage: Stage): Promise<readonly [string, string]> {
  const tables = [stage.tableName('left'), stage.tableName('right')] as const;
  await stage.store.createTables(tables);
  return tables;
}

const some = (table: string, from: number, to: number, partition = 'p') =>
  Array.from({ length: to - from }, (_, i) => put({ table, partition, key: keyOf(from + i) }, 1, { i: from + i }));

export function unlikeCases(declare: DeclareCase): void {
  declare('tables with the same rows have none that are unlike, however many they are', async (stage) => {
    const [left, right] = await twoTables(stage);
    expect(await unlikeIn(stage, left, right)).toEqual(stage.store.unlike && { rows: 0, names: [] });
    for (const count of [1_000, 1_001, 2_500]) {
      for (const table of [left, right]) await stage.store.write(some(table, 0, count));
      expect(await unlikeIn(stage, left, right)).toEqual(stage.store.unlike && { rows: count, names: [] });
    }
    await stage.store.dropTables([left, right]);
  });

  declare('rows with another value or timestamp, and rows that one table lacks, are unlike', async (stage) => {
    const [left, right] = await twoTables(stage);
    const at = (table: string, i: number): RowKey => ({ table, partition: 'p', key: keyOf(i) });
    for (const table of [left, right]) await stage.store.write(some(table, 0, 2_100));
    await stage.store.write([
      put(at(left, 3), 2, { i: 3 }),
      put(at(right, 999), 2, { i: -1 }),
      { kind: 'delete', ...at(left, 1_000), timestamp: 2 },
      { kind: 'delete', ...at(right, 2_099), timestamp: 2 },
    ]);
    const names = [3, 999, 1_000, 2_099].map((i) => `p/${keyOf(i)}`);
    expect(await unlikeIn(stage, left, right)).toEqual(stage.store.unlike && { rows: 2_100, names });
    await stage.store.dropTables([left, right]);
  });

  declare('thousands of rows that one table alone has, before, between and behind those of both', async (stage) => {
    const [left, right] = await twoTables(stage);
    for (const table of [left, right]) await stage.store.write([...some(table, 0, 10, 'b'), ...some(table, 0, 10, 'd')]);
    await stage.store.write([...some(left, 0, 1_500, 'a'), ...some(right, 0, 1_200, 'c'), ...some(left, 0, 1_000, 'e')]);
    const found = await unlikeIn(stage, left, right);
    expect(found?.rows).toEqual(stage.store.unlike && 3_720);
    expect(found?.names.length).toEqual(stage.store.unlike && 3_700);
    expect(await unlikeIn(stage, right, left)).toEqual(found);
    await stage.store.dropTables([left, right]);
  });
}
