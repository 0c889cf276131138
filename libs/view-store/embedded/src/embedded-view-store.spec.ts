import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { RowWrite, ViewStore } from '@ringside/view-store';

import { openEmbeddedViewStore } from './embedded-view-store.js';
import { tablesMax } from './tables.js';

const put = (key: string, timestamp: number, value = {}): RowWrite => ({
  kind: 'put',
  table: 'cases',
  partition: 'p',
  key,
  timestamp,
  value,
});

describe('embedded view store', () => {
  let directory: string;
  let store: ViewStore;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'view-store-'));
    store = await openEmbeddedViewStore({ directory });
    await store.createTables(['cases', 'keys']);
  });

  afterEach(async () => {
    await store.close();
    await rm(directory, { recursive: true });
  });

  it('calls that share a commit keep their own conditions and outcomes', async () => {
    const zombie = await store.takeOver('views', 0);
    const mine = await store.takeOver('views', 0);
    const append = {
      stream: 's',
      expectedVersion: 0,
      fence: 0,
      events: [{ id: 'e', type: 'T', data: {} }],
      result: { first: true },
    };
    const row = { table: 'keys', partition: 'p', key: 'k' };
    const outcomes = await Promise.all([
      store.write([put('a', 1)], { checkpoints: [{ ...mine, position: 'a', ordinal: 1 }] }),
      store.write([put('b', 1)], { checkpoints: [{ ...zombie, position: 'b', ordinal: 2 }] }),
      store.insertOnce({ ...row, value: { by: 1 } }),
      store.insertOnce({ ...row, value: { by: 2 } }),
      store.appendToStream({ ...append, commandId: 'c1' }),
      store.appendToStream({ ...append, commandId: 'c2' }),
      store.appendToStream({ ...append, commandId: 'c1' }),
      store.write([put('a', 3)], { checkpoints: [{ ...mine, position: 'c', ordinal: 3 }] }),
    ]);
    expect(outcomes).toEqual([
      { outcome: 'written' },
      { outcome: 'fenced', subscription: 'views', partition: 0 },
      { outcome: 'inserted' },
      { outcome: 'exists', value: { by: 1 } },
      { outcome: 'appended', version: 1 },
      { outcome: 'conflict', version: 1 },
      { outcome: 'repeated', version: 1, result: { first: true } },
      { outcome: 'written' },
    ]);
    expect((await store.page('cases', 'p', { limit: 10 })).map(({ key, timestamp }) => [key, timestamp])).toEqual([['a', 3]]);
    expect(await store.checkpoints('views')).toEqual([{ ...mine, position: 'c', ordinal: 3 }]);
  });

  it('a table dropped while writes to it wait for their commit takes none of them', async () => {
    const dropped = store.dropTables(['cases']);
    const written = store.write([put('a', 1)]);
    await dropped;
    await expect(written).rejects.toMatchObject({ code: 'unknown_table', table: 'cases' });
    await store.createTables(['cases']);
    expect(await store.page('cases', 'p', { limit: 10 })).toEqual([]);
  });

  it('a scan that stands still does not keep the file from using its pages again', async () => {
    const text = 'x'.repeat(1000);
    const rows = (timestamp: number): RowWrite[] =>
      Array.from({ length: 600 }, (_, i) => put(`k${String(i).padStart(4, '0')}`, timestamp, { text, timestamp }));
    await store.write(rows(1));
    const scan = store.scan('cases')[Symbol.asyncIterator]();
    await scan.next();
    for (let timestamp = 2; timestamp <= 60; timestamp++) await store.write(rows(timestamp));
    const { size } = await stat(join(directory, 'data.mdb'));
    expect(size).toBeLessThan(8 * 2 ** 20); // each write touches more than half a MiB of pages
    let read = 1;
    for (let next = await scan.next(); next.done !== true; next = await scan.next()) read++;
    expect(read).toBe(600);
  });

  it('takes a bounded number of tables, and gives the place of a dropped one to the next', async () => {
    const names = Array.from({ length: tablesMax - 2 }, (_, i) => `table_${i}`);
    await store.createTables(names);
    await expect(store.createTables(['one_more'])).rejects.toThrow(RangeError);
    expect(await store.tables()).not.toContain('one_more');
    await store.dropTables(['cases', 'table_7']);
    await store.createTables(['one_more', 'constructor']);
    expect(await store.tables()).toHaveLength(tablesMax);
    await store.write([{ ...put('a', 1), table: 'constructor' }]);
    expect(await store.page('one_more', 'p', { limit: 10 })).toEqual([]);
  });
});
