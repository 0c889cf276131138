import { expect } from '@jest/globals';
import { UnknownTableError } from '@ringside/view-store';

import { collect, type DeclareCase, put, remove } from './stage.js';

export function tableCases(declare: DeclareCase): void {
  declare('creating and dropping tables again changes nothing', async ({ store, other, tableName }) => {
    const [a, b] = [tableName('a'), tableName('b')];
    const at = { table: a, partition: 'p', key: 'k' };
    await store.createTables([a]);
    await store.write([put(at, 1)]);
    await other.createTables([a, b, a]);
    expect((await other.get(at))?.timestamp).toBe(1);
    expect(await store.tables()).toEqual(expect.arrayContaining([a, b]));
    await store.dropTables([a, tableName('never')]);
    await other.dropTables([a, a]);
    const left = await other.tables();
    expect(left).toContain(b);
    expect(left).not.toContain(a);
    await store.dropTables([b]);
    await store.createTables([]);
    await store.dropTables([]);
  });

  declare('a table that is created again is empty, and remembers nothing', async ({ store, other, tableName }) => {
    const table = tableName('a');
    const [kept, gone] = ['kept', 'gone'].map((key) => ({ table, partition: 'p', key }));
    await store.createTables([table]);
    await store.write([put(kept!, 9), remove(gone!, 9)]);
    await other.dropTables([table]);
    await store.createTables([table]);
    expect(await other.page(table, 'p', { limit: 10 })).toEqual([]);
    await other.write([put(kept!, 1), put(gone!, 1)]);
    expect((await store.getMany([kept!, gone!])).map((row) => row?.timestamp)).toEqual([1, 1]);
    await store.dropTables([table]);
  });

  declare('a table that is not there is refused by everything, whoever dropped it', async ({ store, other, tableName }) => {
    const table = tableName('a');
    const at = { table, partition: 'p', key: 'k' };
    await store.createTables([table]);
    await other.write([put(at, 1)]);
    await store.dropTables([table]);
    for (const client of [other, store]) {
      await expect(client.get(at)).rejects.toThrow(UnknownTableError);
      await expect(client.getMany([at])).rejects.toThrow(UnknownTableError);
      await expect(client.page(table, 'p', { limit: 1 })).rejects.toThrow(UnknownTableError);
      await expect(collect(client.scan(table))).rejects.toThrow(UnknownTableError);
      await expect(client.write([put(at, 2)])).rejects.toThrow(UnknownTableError);
      await expect(client.insertOnce({ ...at, value: {} })).rejects.toThrow(UnknownTableError);
    }
  });

  declare('a scan gives every row of its table once, key by key within a partition', async (stage) => {
    const { store, other } = stage;
    const [table, beside] = [stage.tableName('a'), stage.tableName('b')];
    await store.createTables([table, beside]);
    const rows = Array.from({ length: 1300 }, (_, i) => ({ partition: `p${i % 7}`, key: `k${String(i).padStart(4, '0')}` }));
    await store.write(rows.map(({ partition, key }, i) => put({ table, partition, key }, i + 1)));
    await store.write(rows.slice(0, 100).map(({ partition, key }) => remove({ table, partition, key }, 5000)));
    await store.write([put({ table: beside, partition: 'p0', key: 'beside' }, 1)]);
    const scanned = await collect(other.scan(table));
    expect(new Set(scanned.map(({ key }) => key))).toEqual(new Set(rows.slice(100).map(({ key }) => key)));
    expect(scanned).toHaveLength(1200);
    const partitions = [...new Set(scanned.map(({ partition }) => partition))];
    const inOrder = partitions.flatMap((partition) =>
      scanned.filter((row) => row.partition === partition).sort((a, b) => (a.key < b.key ? -1 : 1)),
    );
    expect(scanned).toEqual(inOrder);
    await store.dropTables([table, beside]);
  });

  declare('an empty table, and a scan that is given up', async ({ store, tableName }) => {
    const table = tableName('a');
    await store.createTables([table]);
    expect(await collect(store.scan(table))).toEqual([]);
    await store.write(['a', 'b', 'c'].map((key) => put({ table, partition: 'p', key }, 1)));
    for await (const row of store.scan(table)) {
      expect(row.key).toBe('a');
      break;
    }
    expect(await collect(store.scan(table))).toHaveLength(3);
    await store.dropTables([table]);
  });
}
