import { expect } from '@jest/globals';
import type { JsonObject } from '@ringside/core';

import { type DeclareCase, put, remove, turn } from './stage.js';

export function rowCases(declare: DeclareCase): void {
  declare('a row is undefined until it is put, and after it is deleted', async ({ store, table, name }) => {
    const at = { table, partition: name('p'), key: 'k' };
    expect(await store.get(at)).toBeUndefined();
    expect(await store.write([put(at, 7, { name: 'Ada' })])).toEqual({ outcome: 'written' });
    expect(await store.get(at)).toEqual({ partition: at.partition, key: 'k', value: { name: 'Ada' }, timestamp: 7 });
    await store.write([remove(at, 8)]);
    expect(await store.get(at)).toBeUndefined();
  });

  declare('another client sees a write as soon as it has resolved', async ({ store, other, table, name }) => {
    const at = { table, partition: name('p'), key: 'k' };
    for (let timestamp = 1; timestamp <= 20; timestamp += 2) {
      await store.write([put(at, timestamp)]);
      expect((await other.get(at))?.timestamp).toBe(timestamp);
      await other.write([put(at, timestamp + 1)]);
      expect((await store.getMany([at]))[0]?.timestamp).toBe(timestamp + 1);
      expect((await store.page(table, at.partition, { limit: 1 }))[0]?.timestamp).toBe(timestamp + 1);
    }
  });

  declare('getMany answers in the order asked, over tables and partitions, with gaps', async (stage) => {
    const { store, table, table2 } = stage;
    const [p, q] = [stage.name('p'), stage.name('q')];
    const a = { table, partition: p, key: 'a' };
    const b = { table: table2, partition: p, key: 'b' };
    const c = { table, partition: q, key: 'c' };
    const missing = { table: table2, partition: q, key: 'a' };
    await store.write([put(a, 1, { is: 'a' }), put(b, 1, { is: 'b' }), put(c, 1, { is: 'c' })]);
    const rows = await store.getMany([c, missing, a, b, a]);
    expect(rows.map((row) => row?.value['is'])).toEqual(['c', undefined, 'a', 'b', 'a']);
    expect(rows[1]).toBeUndefined();
    expect(await store.getMany([])).toEqual([]);
  });

  declare('nothing to write is written', async ({ store }) => {
    expect(await store.write([])).toEqual({ outcome: 'written' });
  });

  declare('the same key in another table or partition is another row', async (stage) => {
    const { store, table, table2 } = stage;
    const [p, q] = [stage.name('p'), stage.name('q')];
    const rows = [
      { table, partition: p, key: 'k' },
      { table, partition: q, key: 'k' },
      { table: table2, partition: p, key: 'k' },
    ];
    await store.write(rows.map((at, i) => put(at, 1, { i })));
    await store.write([remove(rows[0]!, 2)]);
    expect((await store.getMany(rows)).map((row) => row?.value)).toEqual([undefined, { i: 1 }, { i: 2 }]);
  });

  declare('values of every JSON kind come back as they were', async ({ store, table, name }) => {
    const at = { table, partition: name('p'), key: 'k' };
    const value: JsonObject = JSON.parse(
      `{"null":null,"yes":true,"no":false,"zero":0,"half":0.5,"small":5e-324,"large":1.7976931348623157e308,` +
        `"integer":9007199254740991,"negative":-1.25,"empty":"","text":"déjà vu 😀 \\u0000 \\u2028 \\" \\\\ \\ud800",` +
        `"list":[1,[2,[]],{}],"nested":{"a":{"b":{}}},"__proto__":{"polluted":true},"":"empty name","10":1,"2":2}`,
    ) as JsonObject;
    await store.write([put(at, 1, value)]);
    const row = await store.get(at);
    expect(JSON.stringify(row?.value)).toBe(JSON.stringify(value));
    expect(Object.getPrototypeOf(row?.value)).toBe(Object.prototype);
  });

  declare('properties that are undefined are dropped', async ({ store, table, name }) => {
    const at = { table, partition: name('p'), key: 'k' };
    await store.write([put(at, 1, { here: 1, gone: undefined, list: [{ gone: undefined }] })]);
    expect((await store.get(at))?.value).toStrictEqual({ here: 1, list: [{}] });
  });

  declare('what the caller does with a value afterwards changes nothing', async ({ store, table, name }) => {
    const at = { table, partition: name('p'), key: 'k' };
    const value = { list: [1] };
    const written = store.write([put(at, 1, value)]);
    value.list.push(2);
    await written;
    const row = await store.get(at);
    (row!.value['list'] as number[]).push(3);
    expect((await store.get(at))?.value).toEqual({ list: [1] });
  });

  declare('a value of 100 KiB, alone and in a page', async ({ store, table, name }) => {
    const partition = name('p');
    const value = { text: 'é😀"\\'.repeat((100 * 1024) / 10), end: true };
    await store.write([1, 2, 3].map((n) => put({ table, partition, key: `k${n}` }, n, { ...value, n })));
    expect((await store.get({ table, partition, key: 'k2' }))?.value).toEqual({ ...value, n: 2 });
    const page = await store.page(table, partition, { limit: 10 });
    expect(page.map((row) => row.value)).toEqual([1, 2, 3].map((n) => ({ ...value, n })));
  });

  declare('partitions and keys of 900 bytes', async ({ store, table, name }) => {
    const partition = name('p').padEnd(900, 'p');
    const keys = ['x', 'y'].map((last) => 'é'.repeat(449) + '-' + last);
    await store.write(keys.map((key, i) => put({ table, partition, key }, 1, { i })));
    expect((await store.getMany(keys.map((key) => ({ table, partition, key })))).map((row) => row?.value['i'])).toEqual([0, 1]);
    const [first] = await store.page(table, partition, { limit: 1, after: keys[0]! });
    expect(first).toMatchObject({ partition, key: keys[1] });
  });

  declare('rows of one table partition in one write become visible together', async ({ store, other, table, name }) => {
    const partition = name('p');
    const rows = (timestamp: number) =>
      Array.from({ length: 50 }, (_, i) => put({ table, partition, key: `k${i}` }, timestamp, { timestamp }));
    let writing = true;
    const writes = (async () => {
      for (let timestamp = 1; timestamp <= 20; timestamp++) await store.write(rows(timestamp));
      writing = false;
    })();
    const seen = new Set<number>();
    while (writing) {
      await turn();
      const page = await other.page(table, partition, { limit: 100 });
      const distinct = new Set(page.map((row) => row.timestamp));
      expect([0, 50]).toContain(page.length);
      expect(distinct.size).toBeLessThanOrEqual(1);
      for (const timestamp of distinct) seen.add(timestamp);
    }
    await writes;
    expect(seen.size).toBeGreaterThan(0);
  });
}
