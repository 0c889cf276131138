import { describe, expect, it } from '@jest/globals';
import { type RowWrite, togetherRowsMax } from '@ringside/view-store';

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
