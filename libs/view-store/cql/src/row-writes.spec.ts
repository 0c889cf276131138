import { describe, expect, it } from '@jest/globals';
import { turns } from '@ringside/core';
import { type RowWrite, togetherRowsMax } from '@ringside/view-store';

import { concurrently, concurrentRequestsMax } from './concurrently.js';
import { prepareWrites } from './row-writes.js';

const put = (partition: string, key: string, value = {}): RowWrite => ({
  kind: 'put',
  table: 'cases',
  partition,
  key,
  timestamp: 2 ** 53 - 1,
  value,
});

const sizes = (writes: readonly RowWrite[]) =>
  prepareWrites('ks', writes).map(({ batches }) => batches.map(({ length }) => length));

describe('writes of rows', () => {
  it('are one batch for each partition of each table, with their timestamps', () => {
    const prepared = prepareWrites('ks', [
      put('p', 'a'),
      put('q', 'a'),
      { ...put('p', 'b'), table: 'lists' },
      { kind: 'delete', table: 'cases', partition: 'p', key: 'b', timestamp: 7 },
    ]);
    expect(prepared.map(({ table, batches }) => [table, batches.map((batch) => batch.map(({ params }) => params))])).toEqual([
      [
        'cases',
        [
          [
            ['p', 'a', '{}', 2n ** 53n - 1n],
            [7n, 'p', 'b'],
          ],
        ],
      ],
      ['cases', [[['q', 'a', '{}', 2n ** 53n - 1n]]]],
      ['lists', [[['p', 'b', '{}', 2n ** 53n - 1n]]]],
    ]);
  });

  it('are divided where one batch would be too large for a server', () => {
    const mebibyte = { text: 'x'.repeat(2 ** 20 - 100) };
    expect(sizes(Array.from({ length: 9 }, (_, i) => put('p', `k${i}`, mebibyte)))).toEqual([[4, 4, 1]]);
    const wide = { text: 'é'.repeat(2 ** 19 - 100) };
    expect(sizes(Array.from({ length: 5 }, (_, i) => put('p', `k${i}`, wide)))).toEqual([[4, 1]]);
    expect(sizes(Array.from({ length: togetherRowsMax + 1 }, (_, i) => put('p', `k${i}`)))).toEqual([[togetherRowsMax, 1]]);
  });
});

describe('concurrency', () => {
  it('is bounded, and answers come in order', async () => {
    let now = 0;
    let most = 0;
    const items = Array.from({ length: 500 }, (_, i) => i);
    const answers = await concurrently(items, async (item) => {
      most = Math.max(most, ++now);
      for (let turn = 0; turn <= item % 5; turn++) await new Promise((resolve) => setImmediate(resolve));
      now--;
      return item * 2;
    });
    expect(answers).toEqual(items.map((item) => item * 2));
    expect(most).toBe(concurrentRequestsMax);
  });

  it('begins nothing after a failure, and rejects with it when all has ended', async () => {
    let begun = 0;
    let ended = 0;
    const calling = concurrently(Array.from({ length: 1000 }), async () => {
      const mine = ++begun;
      await new Promise((resolve) => setImmediate(resolve));
      ended++;
      if (mine === 3) throw new Error('third');
    });
    await expect(calling).rejects.toThrow('third');
    expect(begun).toBeLessThan(1000);
    expect(ended).toBe(begun);
  });

  it('of one name is one after the other, failures or not', async () => {
    const inTurn = turns();
    const order: string[] = [];
    const calls = ['a', 'b', 'c'].map((name) =>
      inTurn('same', async () => {
        order.push(`${name} begins`);
        await new Promise((resolve) => setImmediate(resolve));
        order.push(`${name} ends`);
        if (name === 'a') throw new Error('a');
      }),
    );
    await Promise.allSettled(calls);
    expect(order).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
  });
});
