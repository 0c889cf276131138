import { describe, expect, it } from '@jest/globals';

import { RowCache } from './row-cache.js';

const row = (key: string, partition = 'p') => ({ table: 't', partition, key });
const stored = (key: string, timestamp: number) => ({ partition: 'p', key, value: { timestamp }, timestamp });

describe('rows of a batch', () => {
  it('read as they were loaded, and as they were set last', () => {
    const cache = new RowCache();
    cache.load([row('a'), row('b')], [stored('a', 3), undefined]);
    expect([cache.get(row('a')), cache.timestamp(row('a'))]).toEqual([{ timestamp: 3 }, 3]);
    expect([cache.get(row('b')), cache.timestamp(row('b'))]).toEqual([undefined, 0]);
    cache.set(row('a'), undefined, 7);
    expect([cache.get(row('a')), cache.timestamp(row('a'))]).toEqual([undefined, 7]);
  });

  it('are missing once each, and only where they are not here', () => {
    const cache = new RowCache();
    cache.load([row('a')], [undefined]);
    expect(cache.missing([row('b'), row('a'), row('b'), row('b', 'q')])).toEqual([row('b'), row('b', 'q')]);
  });

  it('go back to what they were: to another value, to none, and to being unknown', () => {
    const cache = new RowCache();
    cache.load([row('a'), row('b')], [stored('a', 3), undefined]);
    cache.set(row('a'), { first: true }, 4);
    cache.mark();
    for (const timestamp of [5, 6]) for (const key of ['a', 'b', 'c']) cache.set(row(key), { second: true }, timestamp);
    cache.rollback();
    expect([cache.get(row('a')), cache.timestamp(row('a'))]).toEqual([{ first: true }, 4]);
    expect([cache.get(row('b')), cache.timestamp(row('b'))]).toEqual([undefined, 0]);
    expect(() => cache.get(row('c'))).toThrow(/its entity's partition alone/);
    expect(cache.writes((table) => table).rows.map(({ key }) => key)).toEqual(['a']);
  });

  it('are asked for in one partition alone, also where they are set afterwards', () => {
    const cache = new RowCache();
    cache.admit({ table: 't', partition: 'p' });
    cache.mark();
    expect(cache.get(row('a'))).toBeUndefined();
    cache.get(row('a'));
    cache.set(row('a'), {}, 1);
    expect(() => cache.get(row('a', 'q'))).toThrow();
    expect(cache.hasAsked).toBe(true);
    expect(cache.takeAsked()).toEqual([row('a')]);
    cache.rollback();
    cache.load([row('a')], [stored('a', 2)]);
    expect(cache.get(row('a'))).toEqual({ timestamp: 2 });
    expect(() => cache.get(row('b'))).toThrow(); // asking is over
  });

  it('are written under their names in the store, deletions as such, and those of guarded partitions last', () => {
    const cache = new RowCache();
    cache.set(row('a'), { n: 1 }, 1);
    cache.set(row('b', 'q'), { n: 2 }, 2);
    cache.set(row('c'), undefined, 3);
    cache.guard({ table: 't', partition: 'q' });
    expect(cache.writes((table) => `${table}_g2`)).toEqual({
      rows: [
        { kind: 'put', table: 't_g2', partition: 'p', key: 'a', timestamp: 1, value: { n: 1 } },
        { kind: 'delete', table: 't_g2', partition: 'p', key: 'c', timestamp: 3 },
      ],
      last: [{ kind: 'put', table: 't_g2', partition: 'q', key: 'b', timestamp: 2, value: { n: 2 } }],
      undone: new Set(),
    });
  });

  it('that came and went are told from those that were there, or may have been', () => {
    const cache = new RowCache();
    cache.load([row('absent'), row('there')], [undefined, stored('there', 3)]);
    for (const key of ['absent', 'there', 'unknown']) cache.set(row(key), {}, 4);
    for (const key of ['new', 'new and there']) cache.set(row(key), {}, 4, true);
    cache.set(row('deleted first'), undefined, 4);
    cache.set(row('deleted first'), {}, 5, true);
    cache.mark();
    cache.set(row('taken back'), {}, 5, true);
    cache.rollback();
    cache.set(row('taken back'), {}, 6);
    for (const key of ['absent', 'there', 'unknown', 'new', 'deleted first', 'taken back']) cache.set(row(key), undefined, 7);
    const { undone } = cache.writes((table) => table);
    expect([...undone!].map(({ key }) => key)).toEqual(['absent', 'new']);
  });
});

describe('rows that are read in pieces', () => {
  const keys = (count: number, partition = 'p') => Array.from({ length: count }, (_, i) => row(`row-${i}`, partition));

  it('go together where a partition has few, with what was loaded of those that tell of a change', () => {
    const cache = new RowCache();
    cache.tells(row('all'));
    expect(cache.pieces([row('all'), row('a'), row('b', 'q')], 4)).toEqual([[row('all'), row('a'), row('b', 'q')]]);
    cache.load([row('all')], [stored('all', 3)]);
    expect(cache.pieces([row('a'), row('b', 'q')], 4)).toEqual([[row('a'), row('all'), row('b', 'q')]]);
  });

  it('are divided where a partition has many: each piece has those that tell', () => {
    const cache = new RowCache();
    cache.tells(row('all'));
    const [first, second] = [keys(3), [row('row-3'), row('row-4')]];
    expect(cache.pieces([row('all'), ...first, ...second], 4)).toEqual([
      [row('all'), ...first],
      [row('all'), ...second],
    ]);
  });

  it('are not divided where nearly all of them tell: each event has its own there', () => {
    const cache = new RowCache();
    for (const key of keys(5)) cache.tells(key);
    expect(cache.pieces(keys(5), 4)).toEqual([keys(5)]);
    expect(cache.pieces([...keys(5), row('other')], 4)).toEqual([[...keys(5), row('other')]]);
  });

  it('are of several states where one that was loaded before is another by now, and stay as they were', () => {
    const cache = new RowCache();
    expect(cache.load([row('all'), row('a')], [stored('all', 3), undefined])).toBe(true);
    expect(cache.load([row('all'), row('b')], [stored('all', 3), stored('b', 2)])).toBe(true);
    cache.set(row('all'), { mine: true }, 5);
    expect(cache.load([row('all')], [stored('all', 3)])).toBe(true);
    expect(cache.load([row('all'), row('a')], [stored('all', 4), undefined])).toBe(false);
    expect(cache.get(row('all'))).toEqual({ mine: true });
  });
});
