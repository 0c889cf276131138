import { expect } from '@jest/globals';

import type { DeclareCase } from './stage.js';

export function insertOnceCases(declare: DeclareCase): void {
  declare('the first value stays', async ({ store, other, onceTable, name }) => {
    const at = { table: onceTable, partition: name('p'), key: 'k' };
    expect(await store.insertOnce({ ...at, value: { by: 1 } })).toEqual({ outcome: 'inserted' });
    expect(await other.insertOnce({ ...at, value: { by: 2 } })).toEqual({ outcome: 'exists', value: { by: 1 } });
    expect(await store.insertOnce({ ...at, value: { by: 1 } })).toEqual({ outcome: 'exists', value: { by: 1 } });
    expect((await other.get(at))?.value).toEqual({ by: 1 });
    expect((await store.page(onceTable, at.partition, { limit: 10 })).map(({ key }) => key)).toEqual(['k']);
  });

  declare('of 20 callers at once over two clients exactly one inserts, and all others see its value', async (stage) => {
    for (let round = 0; round < 5; round++) {
      const at = { table: stage.onceTable, partition: stage.name('p'), key: 'k' };
      const callers = Array.from({ length: 20 }, (_, by) => (by % 2 === 0 ? stage.store : stage.other));
      const outcomes = await Promise.all(callers.map((client, by) => client.insertOnce({ ...at, value: { by } })));
      const winners = outcomes.flatMap(({ outcome }, by) => (outcome === 'inserted' ? [by] : []));
      expect(winners).toHaveLength(1);
      const losers = outcomes.filter(({ outcome }) => outcome === 'exists');
      expect(losers).toEqual(Array(19).fill({ outcome: 'exists', value: { by: winners[0] } }));
      expect((await stage.other.get(at))?.value).toEqual({ by: winners[0] });
    }
  });

  declare('rows beside it do not matter', async ({ store, onceTable, name }) => {
    const partition = name('p');
    const keys = ['a', 'ab', 'b'];
    const outcomes = await Promise.all(
      keys.map((key) => store.insertOnce({ table: onceTable, partition, key, value: { key } })),
    );
    expect(outcomes).toEqual(Array(3).fill({ outcome: 'inserted' }));
  });
}
