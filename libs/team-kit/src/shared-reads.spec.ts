import { describe, expect, it } from '@jest/globals';
import type { RowKey } from '@ringside/core';
import type { Row } from '@ringside/view-store';

import { sharedReads } from './shared-reads.js';
import type { ViewReader } from './subscriber.js';

const rowOf = (key: string): RowKey => ({ table: 't', partition: 'p', key });
const found = ({ partition, key }: RowKey): Row => ({ partition, key, value: { key }, timestamp: 1 });

/** A store that counts its calls, and has every row but `none`; it refuses a call with `bad` as a whole. */
function aStore() {
  const calls: string[][] = [];
  const views: ViewReader = {
    get: () => Promise.reject(new Error('Nobody reads one row by itself.')),
    getMany: (rows) => {
      const keys = rows.map(({ key }) => key);
      calls.push(keys);
      if (keys.includes('bad')) return Promise.reject(new RangeError('bad key'));
      return Promise.resolve(rows.map((row) => (row.key === 'none' ? undefined : found(row))));
    },
    page: () => Promise.reject(new Error('Nobody reads pages here.')),
  };
  return { calls, reads: sharedReads(views) };
}

describe('shared reads', () => {
  it('ask the store once for what is asked for in one turn, and answer each with its own', async () => {
    const { calls, reads } = aStore();
    const answers = await Promise.all([
      reads.get(rowOf('a')),
      reads.getMany([rowOf('b'), rowOf('none')]),
      reads.getMany([]),
      reads.get(rowOf('none')),
    ]);
    expect(calls).toEqual([['a', 'b', 'none', 'none']]);
    expect(answers).toEqual([{ key: 'a' }, [found(rowOf('b')), undefined], [], undefined]);
  });

  it('fail only for whoever asked for what the store refuses', async () => {
    const { reads } = aStore();
    const outcomes = await Promise.allSettled([reads.get(rowOf('a')), reads.get(rowOf('bad')), reads.get(rowOf('c'))]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });
});
