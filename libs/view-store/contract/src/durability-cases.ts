import { expect } from '@jest/globals';
import { UnavailableError } from '@ringside/core';

import { collect, type DeclareCase, put, remove, type Stage } from './stage.js';

export function durabilityCases(declare: DeclareCase): void {
  declare('all is there after closing and connecting again', async (stage) => {
    const own = stage.tableName('kept');
    const [subscription, stream] = [stage.name('s'), stage.name('stream')];
    const at = { table: own, partition: 'p', key: 'k' };
    const deleted = { ...at, key: 'deleted' };
    const once = { table: stage.onceTable, partition: stage.name('p'), key: 'k' };
    const append = {
      stream,
      expectedVersion: 0,
      fence: 1,
      commandId: 'c',
      events: [{ id: 'e', type: 'T', data: { n: 1 } }],
      result: { ok: true },
    };
    await stage.store.createTables([own]);
    const mine = await stage.store.takeOver(subscription, 2);
    const moved = { ...mine, position: '0/9', ordinal: 4 };
    await stage.store.write([put(at, 4, { kept: true }), put(deleted, 1), remove(deleted, 3)], { checkpoints: [moved] });
    await stage.store.insertOnce({ ...once, value: { first: true } });
    await stage.store.raiseFence(stream);
    await stage.store.appendToStream(append);

    await stage.reconnect();

    const { store } = stage;
    expect(await store.tables()).toContain(own);
    expect(await collect(store.scan(own))).toEqual([{ partition: 'p', key: 'k', value: { kept: true }, timestamp: 4 }]);
    await store.write([put(deleted, 2)]);
    expect(await store.get(deleted)).toBeUndefined();
    expect(await store.checkpoints(subscription)).toEqual([moved]);
    expect((await store.takeOver(subscription, 2)).epoch).toBeGreaterThan(mine.epoch);
    expect(await store.insertOnce({ ...once, value: {} })).toEqual({ outcome: 'exists', value: { first: true } });
    expect(await store.readStream(stream)).toEqual([{ id: 'e', type: 'T', data: { n: 1 }, version: 1 }]);
    expect(await store.appendToStream(append)).toEqual({ outcome: 'repeated', version: 1, result: { ok: true } });
    expect(await store.streamHead(stream)).toEqual({ version: 1, fence: 1 });
    await store.dropTables([own]);
  });

  declare('closing waits for calls under way, refuses later ones, and may be repeated', async (stage) => {
    const at = { table: stage.table, partition: stage.name('p'), key: 'k' };
    const closing = stage.store;
    expect(await closing.health()).toEqual({ status: 'up' });
    const written = closing.write([put(at, 1)]);
    await closing.close();
    expect(await written).toEqual({ outcome: 'written' });
    await closing.close();
    expect((await stage.other.get(at))?.timestamp).toBe(1);
    await expectClosed(closing, stage);
    await stage.reconnect();
    expect(await stage.store.health()).toEqual({ status: 'up' });
  });
}

async function expectClosed(closed: Stage['store'], { table, name }: Stage): Promise<void> {
  const at = { table, partition: name('p'), key: 'k' };
  expect(await closed.health()).toEqual({ status: 'down', reason: expect.any(String) });
  const calls: (() => Promise<unknown>)[] = [
    () => closed.get(at),
    () => closed.getMany([at]),
    () => closed.page(table, at.partition, { limit: 1 }),
    () => collect(closed.scan(table)),
    () => closed.write([put(at, 1)]),
    () => closed.insertOnce({ ...at, value: {} }),
    () => closed.tables(),
    () => closed.takeOver(name('s'), 0),
    () => closed.checkpoints(name('s')),
    () => closed.readStream(name('stream')),
    () => closed.streamHead(name('stream')),
    () => closed.streamCommand(name('stream'), 'c'),
    () => closed.raiseFence(name('stream')),
    () =>
      closed.appendToStream({ stream: name('stream'), expectedVersion: 0, fence: 0, commandId: 'c', events: [], result: {} }),
  ];
  for (const call of calls) await expect(call()).rejects.toThrow(UnavailableError);
}
