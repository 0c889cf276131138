import { expect } from '@jest/globals';
import { valueBytesMax, type RowPut } from '@ringside/view-store';

import type { ViewStoreContractDriver } from './driver.js';
import { collect, type DeclareCase, put, remove } from './stage.js';

const newest = (row: Omit<RowPut, 'kind'>): RowPut => ({ kind: 'put', ...row });

/** Rows that a driver need not look for, as a rebuild has them by the thousand. */
export function newestCases(declare: DeclareCase, { capabilities }: ViewStoreContractDriver): void {
  declare(
    'rows that are the newest are there like any others, as they were given',
    async ({ store, other, table, table2, name }) => {
      const [p, q] = [name('p'), name('é'.repeat(20))];
      const rows = Array.from({ length: 2_000 }, (_, i) =>
        newest({
          table: i % 2 === 0 ? table : table2,
          partition: i % 3 === 0 ? p : q,
          key: `k${String(i).padStart(5, '0')}-é😀`.slice(0, 8 + (i % 3)).toWellFormed(),
          timestamp: 1 + i * 2 ** 40,
          value: { i, text: 'ü'.repeat(i % 400), gone: undefined },
        }),
      );
      expect(await store.write([], { newest: rows })).toEqual({ outcome: 'written' });
      const found = await other.getMany(rows);
      found.forEach((row, i) => {
        const { partition, key, timestamp, value } = rows[i]!;
        expect(row).toStrictEqual({ partition, key, timestamp, value: { i, text: value['text'] } });
      });
      const page = await other.page(table, p, { limit: 1_000 });
      expect(page.map(({ key }) => key)).toEqual(
        rows.filter((row) => row.table === table && row.partition === p).map(({ key }) => key),
      );
    },
  );

  declare('a newest row of the largest value, between small ones', async ({ store, table, name }) => {
    const partition = name('p');
    const text = 'x'.repeat(valueBytesMax - '{"text":""}'.length);
    const rows = ['small', text, 'also small'].map((one, i) =>
      newest({ table, partition, key: `k${i}`, timestamp: i + 1, value: { text: one } }),
    );
    await store.write([], { newest: rows });
    expect((await store.getMany(rows)).map((row) => row?.value['text'])).toEqual(['small', text, 'also small']);
  });

  declare('later writes win over newest rows by their timestamps, and lose by them', async ({ store, table, name }) => {
    const partition = name('p');
    const [a, b, c] = ['a', 'b', 'c'].map((key) => ({ table, partition, key }));
    await store.write([], { newest: [a!, b!, c!].map((at) => newest({ ...at, timestamp: 5, value: { at: 5 } })) });
    await store.write([put(a!, 6), put(b!, 4), remove(c!, 6)]);
    expect((await store.getMany([a!, b!, c!])).map((row) => row?.timestamp)).toEqual([6, 5, undefined]);
  });

  declare('newest rows take the place of older ones', async ({ store, table, name }) => {
    const at = { table, partition: name('p'), key: 'k' };
    await store.write([put(at, 1)]);
    await store.write([], { newest: [newest({ ...at, timestamp: 2, value: { at: 2 } })] });
    await store.write([], { newest: [newest({ ...at, timestamp: 3, value: { at: 3 } })] });
    expect(await store.get(at)).toMatchObject({ timestamp: 3, value: { at: 3 } });
    await store.write([remove(at, 4)]);
    await store.write([], { newest: [newest({ ...at, timestamp: 5, value: { at: 5 } })] });
    expect(await store.get(at)).toMatchObject({ timestamp: 5, value: { at: 5 } });
    expect(await store.page(table, at.partition, { limit: 9 })).toHaveLength(1);
  });

  declare('what is the newest may be a deletion, also of a row that is not there', async ({ store, table, name }) => {
    const partition = name('p');
    const [a, b, c] = ['a', 'b', 'c'].map((key) => ({ table, partition, key }));
    await store.write([put(a!, 1), put(b!, 1)]);
    await store.write([], { newest: [remove(a!, 2), newest({ ...b!, timestamp: 2, value: { at: 2 } }), remove(c!, 2)] });
    expect((await store.getMany([a!, b!, c!])).map((row) => row?.timestamp)).toEqual([undefined, 2, undefined]);
    await store.write([put(a!, 3)], { newest: [newest({ ...c!, timestamp: 3, value: {} })] });
    expect((await store.page(table, partition, { limit: 9 })).map(({ key }) => key)).toEqual(['a', 'b', 'c']);
  });

  declare('newest rows come with the others of their call, and with its checkpoints', async ({ store, table, name }) => {
    const [p, subscription] = [name('p'), name('s')];
    const at = (key: string) => ({ table, partition: p, key });
    const mine = await store.takeOver(subscription, 0);
    const moved = { ...mine, position: 'a', ordinal: 3 };
    const row = newest({ ...at('newest'), timestamp: 2, value: {} });
    await store.write([put(at('row'), 1)], { last: [put(at('last'), 3)], newest: [row], checkpoints: [moved] });
    expect((await store.page(table, p, { limit: 9 })).map(({ key }) => key)).toEqual(['last', 'newest', 'row']);
    expect(await store.checkpoints(subscription)).toEqual([moved]);
  });

  declare('a fenced write leaves no newest row where the driver fences rows', async ({ store, other, table, name }) => {
    const [partition, subscription] = [name('p'), name('s')];
    const old = await store.takeOver(subscription, 0);
    await other.takeOver(subscription, 0);
    const row = newest({ table, partition, key: 'k', timestamp: 1, value: {} });
    expect(await store.write([], { newest: [row], checkpoints: [old] })).toMatchObject({ outcome: 'fenced' });
    if (capabilities.fencesRows) expect(await store.get(row)).toBeUndefined();
  });

  declare('newest rows are scanned', async ({ store, name, tableName }) => {
    const table = tableName('newest');
    await store.createTables([table]);
    const rows = [1, 2, 3].map((i) => newest({ table, partition: name('p'), key: `k${i}`, timestamp: i, value: { i } }));
    await store.write([], { newest: rows });
    expect((await collect(store.scan(table))).map(({ value }) => value['i']).sort()).toEqual([1, 2, 3]);
    await store.dropTables([table]);
  });

  declare('what is out of bounds is refused, and nothing of the call is stored', async ({ store, table, name }) => {
    const good = newest({ table, partition: name('p'), key: 'k', timestamp: 1, value: {} });
    for (const bad of [
      { ...good, key: '' },
      { ...good, timestamp: 0 },
      { ...good, value: [] as never },
    ]) {
      await expect(store.write([], { newest: [good, bad] })).rejects.toThrow();
    }
    expect(await store.get(good)).toBeUndefined();
  });
}
