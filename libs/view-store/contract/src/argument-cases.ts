import { expect } from '@jest/globals';
import { nameBytesMax, type PageOptions, type RowWrite, type StreamAppend, valueBytesMax } from '@ringside/view-store';

import { collect, type DeclareCase, put, type Stage } from './stage.js';

const badNames = ['', '\ud800', 'lone \udc00', 'é'.repeat(nameBytesMax / 2) + 'x'];
const badTables = ['', 'Cases', '1st', 'a-b', 'a b', '_a', 'a'.repeat(49), 'a;drop', 'ä'];
const notIntegers = [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53];

/** Rejects, and not because the store is out of reach. */
async function expectRefused(call: () => Promise<unknown>, what: unknown): Promise<void> {
  const outcome = await call().then(
    () => 'accepted',
    (error: unknown) => (error instanceof RangeError || error instanceof TypeError ? 'refused' : error),
  );
  expect({ what, outcome }).toEqual({ what, outcome: 'refused' });
}

async function expectWritesRefused({ store, table, name }: Stage, bad: (good: RowWrite) => RowWrite): Promise<void> {
  const good = put({ table, partition: name('p'), key: 'k' }, 1);
  const write = bad(put({ table, partition: name('p'), key: 'bad' }, 1));
  await expectRefused(() => store.write([good, write]), write);
  expect(await store.get(good)).toBeUndefined();
}

export function argumentCases(declare: DeclareCase): void {
  declare('timestamps that are no integers from 1 to 2^53-1', async (stage) => {
    for (const timestamp of [...notIntegers, '1' as unknown as number]) {
      await expectWritesRefused(stage, (good) => ({ ...good, timestamp }));
    }
  });

  declare('names of tables', async (stage) => {
    const { store } = stage;
    for (const table of badTables) {
      await expectRefused(() => store.createTables([table]), table);
      await expectRefused(() => store.dropTables([table]), table);
      await expectRefused(() => store.get({ table, partition: 'p', key: 'k' }), table);
      await expectRefused(() => store.page(table, 'p', { limit: 1 }), table);
      await expectRefused(() => collect(store.scan(table)), table);
      await expectWritesRefused(stage, (good) => ({ ...good, table }));
    }
  });

  declare('partitions and keys that are empty, too long or not well-formed', async (stage) => {
    const { store, table, onceTable } = stage;
    for (const bad of badNames) {
      await expectRefused(() => store.get({ table, partition: bad, key: 'k' }), bad);
      await expectRefused(() => store.getMany([{ table, partition: 'p', key: bad }]), bad);
      await expectRefused(() => store.page(table, bad, { limit: 1 }), bad);
      await expectRefused(() => store.insertOnce({ table: onceTable, partition: 'p', key: bad, value: {} }), bad);
      await expectWritesRefused(stage, (good) => ({ ...good, key: bad }));
      await expectWritesRefused(stage, (good) => ({ ...good, partition: bad }));
    }
  });

  declare('values that are no objects, or too large', async (stage) => {
    const { store, onceTable } = stage;
    const big = { text: 'x'.repeat(valueBytesMax) };
    for (const value of [null, [], 'text', 1, undefined, big] as unknown as { text: string }[]) {
      await expectWritesRefused(stage, (good) => ({ ...good, kind: 'put', value }));
      await expectRefused(() => store.insertOnce({ table: onceTable, partition: 'p', key: 'k', value }), 'insertOnce');
    }
    await expectWritesRefused(stage, (good) => ({ ...good, kind: 'upsert' }) as unknown as RowWrite);
  });

  declare('limits and bounds of pages', async ({ store, table, name }) => {
    const bad = [...notIntegers, 1001].map((limit): PageOptions => ({ limit }));
    for (const text of badNames.slice(1)) bad.push({ limit: 1, from: text }, { limit: 1, to: text }, { limit: 1, after: text });
    for (const options of bad) await expectRefused(() => store.page(table, name('p'), options), options);
  });

  declare('checkpoints', async ({ store, table, name }) => {
    const good = await store.takeOver(name('s'), 0);
    const at = { table, partition: name('p'), key: 'k' };
    const bad = [
      [{ ...good, ordinal: -1 }],
      [{ ...good, ordinal: 0.5 }],
      [{ ...good, epoch: 0 }],
      [{ ...good, partition: -1 }],
      [{ ...good, subscription: '' }],
      [{ ...good, position: 7 as unknown as string }],
      [good, { ...good, ordinal: 1 }],
    ];
    for (const checkpoints of bad) await expectRefused(() => store.write([put(at, 1)], { checkpoints }), checkpoints);
    await expectRefused(() => store.takeOver('', 0), 'subscription');
    await expectRefused(() => store.takeOver(good.subscription, 0.5), 'partition');
    await expectRefused(() => store.checkpoints(''), 'checkpoints');
    await expectRefused(() => store.resetCheckpoints(''), 'resetCheckpoints');
    expect(await store.get(at)).toBeUndefined();
    expect(await store.checkpoints(good.subscription)).toEqual([good]);
  });

  declare('appends and reads of streams', async ({ store, name }) => {
    const stream = name('stream');
    const event = { id: 'e', type: 'NoteAdded', data: {} };
    const good: StreamAppend = { stream, expectedVersion: 0, fence: 0, commandId: 'c', events: [event], result: {} };
    const bad = [
      ...badNames.flatMap((text) => [
        { ...good, stream: text },
        { ...good, commandId: text },
        { ...good, events: [event, { ...event, id: text }] },
        { ...good, events: [event, { ...event, type: text }] },
      ]),
      ...[-1, 0.5, Number.NaN].map((expectedVersion) => ({ ...good, expectedVersion })),
      ...[-1, 0.5, Number.NaN].map((fence) => ({ ...good, fence })),
      { ...good, result: null as unknown as StreamAppend['result'] },
      { ...good, events: [{ ...event, data: { text: 'x'.repeat(valueBytesMax) } }] },
      { ...good, events: Array(5).fill({ ...event, data: { text: 'x'.repeat(valueBytesMax - 100) } }) },
    ];
    for (const append of bad) await expectRefused(() => store.appendToStream(append), append.commandId);
    for (const text of badNames) {
      await expectRefused(() => store.streamHead(text), 'streamHead');
      await expectRefused(() => store.raiseFence(text), 'raiseFence');
      await expectRefused(() => store.streamCommand(stream, text), 'streamCommand');
      await expectRefused(() => store.streamCommand(text, 'c'), 'streamCommand');
    }
    await expectRefused(() => store.readStream(''), 'readStream');
    await expectRefused(() => store.readStream(stream, -1), 'afterVersion');
    expect(await store.readStream(stream)).toEqual([]);
    expect(await store.streamHead(stream)).toEqual({ version: 0, fence: 0 });
  });
}
