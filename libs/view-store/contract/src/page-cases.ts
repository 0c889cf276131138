import { expect } from '@jest/globals';
import type { PageOptions } from '@ringside/view-store';

import { type DeclareCase, put, remove, type Stage } from './stage.js';

/** In UTF-8 byte order, which is not the order of JavaScript's strings: U+FFFD comes before U+1F600. */
const keysInOrder = [
  '\u0001',
  '!',
  '0',
  '1',
  '10',
  '2',
  'A',
  'a',
  'a\u0000',
  'aa',
  'ab',
  'b',
  'é',
  'ÿ',
  'Ā',
  '語',
  '\ufffd',
  '😀',
];

async function partitionOf({ store, table, name }: Stage, keys: readonly string[]): Promise<string> {
  const partition = name('p');
  await store.write(keys.map((key) => put({ table, partition, key }, 1, { key })));
  return partition;
}

async function keysOf({ store, table }: Stage, partition: string, options: PageOptions): Promise<readonly string[]> {
  return (await store.page(table, partition, options)).map((row) => row.key);
}

export function pageCases(declare: DeclareCase): void {
  declare('keys are in the order of their UTF-8 bytes, and backwards', async (stage) => {
    const partition = await partitionOf(stage, keysInOrder.toReversed());
    expect(await keysOf(stage, partition, { limit: 1000 })).toEqual(keysInOrder);
    expect(await keysOf(stage, partition, { limit: 1000, descending: true })).toEqual(keysInOrder.toReversed());
    const rows = await stage.store.page(stage.table, partition, { limit: 1000 });
    expect(rows.map((row) => row.value['key'])).toEqual(keysInOrder);
    expect(new Set(rows.map((row) => row.partition))).toEqual(new Set([partition]));
  });

  declare('every combination of from, to, after, direction and limit', async (stage) => {
    const keys = ['b', 'd', 'f', 'h'];
    const partition = await partitionOf(stage, keys);
    const bounds = [undefined, '', 'a', 'b', 'c', 'd', 'h', 'i'];
    for (const from of bounds) {
      const combinations: PageOptions[] = [];
      for (const to of bounds) {
        for (const after of bounds) {
          const given = {
            ...(from !== undefined && { from }),
            ...(to !== undefined && { to }),
            ...(after !== undefined && { after }),
          };
          for (const limit of [1, 3, 1000]) combinations.push({ ...given, limit }, { ...given, limit, descending: true });
        }
      }
      const pages = combinations.map(async (options) => ({ options, keys: await keysOf(stage, partition, options) }));
      expect(await Promise.all(pages)).toEqual(combinations.map((options) => ({ options, keys: expectedKeys(keys, options) })));
    }
  });

  for (const descending of [false, true]) {
    declare(
      `pages through 2,500 rows without loss or repetition, ${descending ? 'descending' : 'ascending'}`,
      async (stage) => {
        const keys = Array.from({ length: 2500 }, (_, i) => `key-${String(i).padStart(5, '0')}`);
        const partition = await partitionOf(stage, keys);
        const read: string[] = [];
        let after: string | undefined;
        for (;;) {
          const page = await keysOf(stage, partition, { limit: 99, descending, ...(after !== undefined && { after }) });
          read.push(...page);
          after = page.at(-1);
          if (page.length < 99) break;
        }
        expect(read).toEqual(descending ? keys.toReversed() : keys);
      },
    );
  }

  declare('a page of 1,000 rows', async (stage) => {
    const keys = Array.from({ length: 1001 }, (_, i) => `key-${String(i).padStart(5, '0')}`);
    const partition = await partitionOf(stage, keys);
    expect(await keysOf(stage, partition, { limit: 1000 })).toEqual(keys.slice(0, 1000));
  });

  declare('pages are empty where nothing is', async (stage) => {
    const partition = await partitionOf(stage, ['m']);
    expect(await stage.store.page(stage.table, stage.name('nobody'), { limit: 10 })).toEqual([]);
    expect(await keysOf(stage, partition, { limit: 10, from: 'n' })).toEqual([]);
    expect(await keysOf(stage, partition, { limit: 10, to: 'm' })).toEqual([]);
    expect(await keysOf(stage, partition, { limit: 10, from: 'z', to: 'a' })).toEqual([]);
    expect(await keysOf(stage, partition, { limit: 10, after: 'm' })).toEqual([]);
    expect(await keysOf(stage, partition, { limit: 10, after: 'm', descending: true })).toEqual([]);
  });

  declare('a partition never shows rows of another, whatever their names have in common', async (stage) => {
    const { store, table } = stage;
    const base = stage.name('p');
    const rows = [
      { partition: base, key: 'bc' },
      { partition: `${base}b`, key: 'c' },
      { partition: `${base}bc`, key: 'd' },
      { partition: `${base}\u0000`, key: 'b' },
      { partition: `${base}\uffff`, key: '\uffff' },
    ];
    await store.write(rows.map(({ partition, key }) => put({ table, partition, key }, 1)));
    for (const { partition, key } of rows) {
      expect(await keysOf(stage, partition, { limit: 10 })).toEqual([key]);
      expect(await keysOf(stage, partition, { limit: 10, descending: true })).toEqual([key]);
    }
    expect(await stage.store.page(stage.table2, base, { limit: 10 })).toEqual([]);
  });

  declare('deleted rows are not in a page, and do not count for its limit', async (stage) => {
    const { store, table } = stage;
    const keys = Array.from({ length: 200 }, (_, i) => `key-${String(i).padStart(5, '0')}`);
    const partition = await partitionOf(stage, keys);
    await store.write(keys.slice(0, 190).map((key) => remove({ table, partition, key }, 2)));
    expect(await keysOf(stage, partition, { limit: 5 })).toEqual(keys.slice(190, 195));
    expect(await keysOf(stage, partition, { limit: 20, descending: true })).toEqual(keys.slice(190).reverse());
  });
}

function expectedKeys(keys: readonly string[], { from, to, after, limit, descending = false }: PageOptions): readonly string[] {
  const within = keys.filter(
    (key) =>
      (from === undefined || key >= from) &&
      (to === undefined || key < to) &&
      (after === undefined || (descending ? key < after : key > after)),
  );
  return (descending ? within.reverse() : within).slice(0, limit);
}
