import { expect } from '@jest/globals';
import { randomOf, type Random } from '@ringside/random';
import type { RowWrite } from '@ringside/view-store';

import { type DeclareCase, put, remove, type Stage } from './stage.js';

const permutations = <T>(items: readonly T[]): T[][] =>
  items.length < 2
    ? [[...items]]
    : items.flatMap((first, i) => permutations(items.toSpliced(i, 1)).map((rest) => [first, ...rest]));

export function timestampCases(declare: DeclareCase): void {
  declare('the higher timestamp wins in every order of arrival, in one write and in several', async (stage) => {
    const kinds: ('put' | 'delete')[][] = [
      ['put', 'put', 'put'],
      ['put', 'put', 'delete'],
      ['put', 'delete', 'put'],
      ['delete', 'put', 'put'],
      ['delete', 'put', 'delete'],
      ['delete', 'delete', 'put'],
    ];
    for (const kindsByTimestamp of kinds) {
      for (const order of permutations([1, 2, 3])) {
        const writes = (at: { table: string; partition: string; key: string }): RowWrite[] =>
          order.map((timestamp) => (kindsByTimestamp[timestamp - 1] === 'put' ? put(at, timestamp) : remove(at, timestamp)));
        const at = { table: stage.table, partition: stage.name('p'), key: 'together' };
        const apart = { ...at, key: 'apart' };
        await stage.store.write(writes(at));
        for (const write of writes(apart)) await stage.store.write([write]);
        const expected = kindsByTimestamp[2] === 'put' ? 3 : undefined;
        const context = `${kindsByTimestamp.join(', ')} at 1, 2, 3, arriving in the order ${order.join(', ')}`;
        const found = await stage.store.getMany([at, apart]);
        expect([context, found.map((row) => row?.timestamp)]).toEqual([context, [expected, expected]]);
      }
    }
  });

  declare('a late put does not bring a deleted row back; a later one does', async (stage) => {
    const { store, other, table } = stage;
    const at = { table, partition: stage.name('p'), key: 'k' };
    await store.write([put(at, 5)]);
    await store.write([remove(at, 9)]);
    await other.write([put(at, 8)]);
    expect(await store.get(at)).toBeUndefined();
    expect(await store.page(table, at.partition, { limit: 10 })).toEqual([]);
    await other.write([put(at, 10)]);
    expect((await store.get(at))?.timestamp).toBe(10);
    await store.write([remove(at, 7)]);
    expect((await store.get(at))?.timestamp).toBe(10);
    await store.write([remove(at, 11)]);
    await store.write([put(at, 10)]);
    expect(await store.get(at)).toBeUndefined();
  });

  declare('a deletion of a row that never was is remembered as well', async ({ store, table, name }) => {
    const at = { table, partition: name('p'), key: 'k' };
    await store.write([remove(at, 9)]);
    await store.write([put(at, 8)]);
    expect(await store.get(at)).toBeUndefined();
  });

  declare('the same write twice is as one', async ({ store, table, name }) => {
    const partition = name('p');
    const at = (key: string) => ({ table, partition, key });
    const writes = [put(at('a'), 1, { v: 1 }), put(at('b'), 2, { v: 2 }), remove(at('a'), 3), put(at('c'), 4, { v: 4 })];
    await store.write(writes);
    const once = await store.page(table, partition, { limit: 10 });
    await store.write(writes);
    expect(await store.page(table, partition, { limit: 10 })).toEqual(once);
    expect(once.map((row) => row.key)).toEqual(['b', 'c']);
  });

  declare('timestamps up to 2^53-1', async ({ store, table, name }) => {
    const at = { table, partition: name('p'), key: 'k' };
    await store.write([put(at, Number.MAX_SAFE_INTEGER)]);
    await store.write([put(at, Number.MAX_SAFE_INTEGER - 1), remove(at, 1)]);
    expect((await store.get(at))?.timestamp).toBe(Number.MAX_SAFE_INTEGER);
  });

  declare('writes shuffled over two clients end where they end in order', async (stage) => {
    const seed = Date.now() % 1_000_000;
    const random = randomOf(seed);
    const keys = Array.from({ length: 12 }, (_, i) => `k${String(i).padStart(2, '0')}`);
    const partition = stage.name('p');
    const writes = Array.from({ length: 300 }, (_, i): RowWrite => {
      const at = { table: stage.table, partition, key: random.pick(keys) };
      return random.chance(0.35) ? remove(at, i + 1) : put(at, i + 1);
    });
    const newest = new Map(writes.map((write) => [write.key, write]));
    await writeShuffled(stage, writes, random);
    const expected = [...newest.values()].filter((write) => write.kind === 'put').sort((a, b) => (a.key < b.key ? -1 : 1));
    const found = await stage.store.page(stage.table, partition, { limit: 1000 });
    expect({ seed, rows: found.map(({ key, timestamp }) => [key, timestamp]) }).toEqual({
      seed,
      rows: expected.map(({ key, timestamp }) => [key, timestamp]),
    });
  });
}

/** Every write twice, in batches of random sizes, some at the same time. */
async function writeShuffled({ store, other }: Stage, writes: readonly RowWrite[], random: Random): Promise<void> {
  const shuffled = random.shuffled([...writes, ...writes]);
  while (shuffled.length > 0) {
    const batches = [store, other].map((client) => client.write(shuffled.splice(0, random.between(1, 30))));
    await Promise.all(batches);
  }
}
