import { expect } from '@jest/globals';

import type { ViewStoreContractDriver } from './driver.js';
import { type DeclareCase, put, turn } from './stage.js';

export function checkpointCases(declare: DeclareCase, { capabilities }: ViewStoreContractDriver): void {
  declare('the first taker gets epoch 1 and the beginning', async ({ store, name }) => {
    const subscription = name('s');
    expect(await store.checkpoints(subscription)).toEqual([]);
    const first = { subscription, partition: 3, epoch: 1, position: null, ordinal: 0 };
    expect(await store.takeOver(subscription, 3)).toEqual(first);
    expect(await store.checkpoints(subscription)).toEqual([first]);
  });

  declare('a write moves the checkpoint, and the next taker begins there with a higher epoch', async (stage) => {
    const { store, other, table } = stage;
    const subscription = stage.name('s');
    const at = { table, partition: stage.name('p'), key: 'k' };
    const mine = await store.takeOver(subscription, 0);
    const moved = { ...mine, position: '0/17', ordinal: 5 };
    expect(await store.write([put(at, 5)], { checkpoints: [moved] })).toEqual({ outcome: 'written' });
    expect((await other.get(at))?.timestamp).toBe(5);
    expect(await other.checkpoints(subscription)).toEqual([moved]);
    const next = await other.takeOver(subscription, 0);
    expect(next).toEqual({ ...moved, epoch: expect.any(Number) });
    expect(next.epoch).toBeGreaterThan(moved.epoch);
  });

  declare('a checkpoint moves without rows', async ({ store, name }) => {
    const mine = await store.takeOver(name('s'), 0);
    const moved = { ...mine, position: 'a', ordinal: 1 };
    expect(await store.write([], { checkpoints: [moved] })).toEqual({ outcome: 'written' });
    const further = { ...moved, position: 'b' };
    await store.write([], { checkpoints: [further] });
    expect(await store.checkpoints(mine.subscription)).toEqual([further]);
  });

  declare('subscriptions and their partitions stand apart', async ({ store, name }) => {
    const [s, t] = [name('s'), name('t')];
    const longer = `${s}\u0000x`;
    for (const partition of [300, 2, 70000, 0]) await store.takeOver(s, partition);
    await store.takeOver(longer, 1);
    const mine = await store.takeOver(t, 2);
    await store.write([], { checkpoints: [{ ...mine, position: 'p', ordinal: 9 }] });
    const stood = await store.checkpoints(s);
    expect(stood.map(({ partition }) => partition)).toEqual([0, 2, 300, 70000]);
    expect(stood.every(({ position, ordinal }) => position === null && ordinal === 0)).toBe(true);
    expect((await store.checkpoints(longer)).map(({ partition }) => partition)).toEqual([1]);
  });

  declare('several checkpoints move in one write', async ({ store, name }) => {
    const subscription = name('s');
    const taken = [await store.takeOver(subscription, 0), await store.takeOver(subscription, 1)];
    const moved = taken.map((checkpoint, i) => ({ ...checkpoint, position: `p${i}`, ordinal: i + 1 }));
    await store.write([], { checkpoints: moved });
    expect(await store.checkpoints(subscription)).toEqual(moved);
  });

  declare('a write with an older epoch is fenced and never moves the checkpoint', async (stage) => {
    const { store, other, table } = stage;
    const subscription = stage.name('s');
    const at = { table, partition: stage.name('p'), key: 'k' };
    const zombie = await store.takeOver(subscription, 4);
    const successor = await other.takeOver(subscription, 4);
    const moved = { ...successor, position: 'b', ordinal: 2 };
    const fenced = { outcome: 'fenced', subscription, partition: 4 };
    for (const writtenBySuccessor of [false, true]) {
      if (writtenBySuccessor) await other.write([put(at, 2)], { checkpoints: [moved] });
      const late = { ...zombie, position: 'z', ordinal: 99 };
      expect(await store.write([put({ ...at, key: 'late' }, 1)], { checkpoints: [late] })).toEqual(fenced);
      expect(await store.checkpoints(subscription)).toEqual([writtenBySuccessor ? moved : successor]);
    }
    if (capabilities.fencesRows) expect(await store.get({ ...at, key: 'late' })).toBeUndefined();
    expect((await store.get(at))?.timestamp).toBe(2);
  });

  declare('an epoch that nobody was given is fenced', async ({ store, name }) => {
    const subscription = name('s');
    const invented = { subscription, partition: 0, epoch: 1, position: 'p', ordinal: 1 };
    const fenced = { outcome: 'fenced', subscription, partition: 0 };
    expect(await store.write([], { checkpoints: [invented] })).toEqual(fenced);
    expect(await store.checkpoints(subscription)).toEqual([]);
    const taken = await store.takeOver(subscription, 0);
    expect(await store.write([], { checkpoints: [{ ...invented, epoch: taken.epoch + 1 }] })).toEqual(fenced);
    expect(await store.checkpoints(subscription)).toEqual([taken]);
  });

  declare('one fenced checkpoint fences the whole write', async ({ store, other, name, table }) => {
    const subscription = name('s');
    const at = { table, partition: name('p'), key: 'k' };
    const [zero, one] = [await store.takeOver(subscription, 0), await store.takeOver(subscription, 1)];
    const successor = await other.takeOver(subscription, 1);
    const moved = [zero, one].map((checkpoint) => ({ ...checkpoint, position: 'p', ordinal: 1 }));
    expect(await store.write([put(at, 1)], { checkpoints: moved })).toEqual({ outcome: 'fenced', subscription, partition: 1 });
    // The others of the call may have moved where a write is not atomic. The fenced one never has.
    const [others, fenced] = await store.checkpoints(subscription);
    expect(fenced).toEqual(successor);
    expect(capabilities.atomicWrite ? [zero] : [zero, moved[0]]).toContainEqual(others);
    if (capabilities.fencesRows) expect(await store.get(at)).toBeUndefined();
  });

  declare('what a call writes last is never there before the rest of it, nor a checkpoint before any of it', async (stage) => {
    const { store, other, name, table, table2 } = stage;
    const rows = Array.from({ length: 20 }, (_, i) => ({
      table: i % 2 === 0 ? table : table2,
      partition: name('p'),
      key: 'k',
    }));
    const last = { table, partition: name('last'), key: 'k' };
    const mine = await store.takeOver(name('s'), 0);
    let writing = true;
    const writes = (async () => {
      for (let ordinal = 1; ordinal <= 30; ordinal++) {
        const checkpoints = [{ ...mine, position: String(ordinal), ordinal }];
        const first = rows.map((at) => put(at, ordinal));
        await store.write(first, { last: [put(last, ordinal)], checkpoints });
      }
      writing = false;
    })();
    while (writing) {
      await turn();
      const [checkpoint] = await other.checkpoints(mine.subscription);
      const ofLast = (await other.get(last))?.timestamp ?? 0;
      const ofRest = (await other.getMany(rows)).map((row) => row?.timestamp ?? 0);
      expect(ofLast).toBeGreaterThanOrEqual(checkpoint!.ordinal);
      expect(Math.min(...ofRest)).toBeGreaterThanOrEqual(ofLast);
    }
    await writes;
    expect((await other.checkpoints(mine.subscription))[0]?.ordinal).toBe(30);
  });

  declare('rows and checkpoint of one call: at once, or rows first', async ({ store, other, name, table }) => {
    const at = { table, partition: name('p'), key: 'k' };
    const mine = await store.takeOver(name('s'), 0);
    let writing = true;
    const writes = (async () => {
      for (let ordinal = 1; ordinal <= 30; ordinal++) {
        await store.write([put(at, ordinal)], { checkpoints: [{ ...mine, position: String(ordinal), ordinal }] });
      }
      writing = false;
    })();
    const checkpointOf = async (): Promise<number> => (await other.checkpoints(mine.subscription))[0]!.ordinal;
    const rowOf = async (): Promise<number> => (await other.get(at))?.timestamp ?? 0;
    while (writing) {
      await turn();
      const checkpoint = await checkpointOf();
      const row = await rowOf();
      expect(row).toBeGreaterThanOrEqual(checkpoint);
      if (capabilities.atomicWrite) expect(await checkpointOf()).toBeGreaterThanOrEqual(row);
    }
    await writes;
    expect(await checkpointOf()).toBe(30);
  });

  declare('a late repetition does not take the checkpoint back', async ({ store, name, table }) => {
    const at = { table, partition: name('p'), key: 'k' };
    const mine = await store.takeOver(name('s'), 0);
    const first = { ...mine, position: 'a', ordinal: 1 };
    const second = { ...mine, position: 'b', ordinal: 2 };
    await store.write([put(at, 1)], { checkpoints: [first] });
    await store.write([put(at, 2)], { checkpoints: [second] });
    expect(await store.write([put(at, 1)], { checkpoints: [first] })).toEqual({ outcome: 'written' });
    expect(await store.checkpoints(mine.subscription)).toEqual([second]);
    expect((await store.get(at))?.timestamp).toBe(2);
  });

  declare(
    'of many takers at once each gets an epoch of its own, and only the last can write',
    async ({ store, other, name }) => {
      const subscription = name('s');
      const takers = Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? store : other));
      const taken = await Promise.all(takers.map((client) => client.takeOver(subscription, 0)));
      const epochs = taken.map(({ epoch }) => epoch);
      expect(new Set(epochs).size).toBe(20);
      const outcomes = await Promise.all(
        taken.map((mine, i) => takers[i]!.write([], { checkpoints: [{ ...mine, position: String(mine.epoch), ordinal: 1 }] })),
      );
      const written = outcomes.flatMap(({ outcome }, i) => (outcome === 'written' ? [epochs[i]!] : []));
      expect(written).toEqual([Math.max(...epochs)]);
      expect((await store.checkpoints(subscription))[0]?.position).toBe(String(Math.max(...epochs)));
    },
  );

  declare('a reset begins anew, under a higher epoch, and fences the present writer', async ({ store, other, name }) => {
    const [subscription, untouched] = [name('s'), name('t')];
    const mine = await store.takeOver(subscription, 0);
    const moved = { ...mine, position: 'a', ordinal: 8 };
    const apart = { ...(await store.takeOver(untouched, 0)), position: 'x', ordinal: 3 };
    await store.write([], { checkpoints: [moved, apart] });
    await other.resetCheckpoints(subscription);
    expect(await store.write([], { checkpoints: [{ ...moved, ordinal: 9 }] })).toMatchObject({ outcome: 'fenced' });
    const anew = await store.takeOver(subscription, 0);
    expect(anew).toMatchObject({ position: null, ordinal: 0 });
    expect(anew.epoch).toBeGreaterThan(mine.epoch);
    expect(await store.checkpoints(untouched)).toEqual([apart]);
    await store.resetCheckpoints(name('nobody'));
  });
}
