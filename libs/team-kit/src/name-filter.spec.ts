import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { NameFilter } from './name-filter.js';

const row = (table: string, i: number) => ({ table, partition: `case-${i % 1_000}`, key: `report/${i}` });

describe('a filter of names', () => {
  it('has every name that was added, whatever the names are', () => {
    const name = fc.record({ table: fc.string(), partition: fc.string({ unit: 'grapheme' }), key: fc.string() });
    const names = fc.array(name, { maxLength: 50 });
    fc.assert(
      fc.property(names, (added) => {
        const filter = new NameFilter(2 ** 10);
        for (const name of added) filter.add(name);
        for (const name of added) expect(filter.mayHave(name)).toBe(true);
      }),
    );
  });

  it('has none at first', () => {
    expect(new NameFilter(32).mayHave(row('cases', 1))).toBe(false);
  });

  it('has few that were not added, also of names that are alike', () => {
    const filter = new NameFilter(2 ** 20);
    for (let i = 0; i < 60_000; i++) filter.add(row('cases_g2', i));
    let taken = 0;
    for (let i = 60_000; i < 160_000; i++) taken += Number(filter.mayHave(row('cases_g2', i)));
    for (let i = 0; i < 60_000; i++) taken += Number(filter.mayHave(row('cases_g3', i)));
    expect(taken / 160_000).toBeLessThan(0.01);
  });
});
