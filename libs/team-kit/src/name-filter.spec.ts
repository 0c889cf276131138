import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { NameFilter } from './name-filter.js';

describe('a filter of names', () => {
  it('has every name that was added, whatever the names are', () => {
    const names = fc.array(fc.tuple(fc.string({ unit: 'grapheme' }), fc.string()), { maxLength: 50 });
    fc.assert(
      fc.property(names, (added) => {
        const filter = new NameFilter(2 ** 10);
        for (const name of added) filter.add(...name);
        for (const name of added) expect(filter.mayHave(...name)).toBe(true);
      }),
    );
  });

  it('has none at first', () => {
    expect(new NameFilter(32).mayHave('cases', 'a')).toBe(false);
  });

  it('has few that were not added, also of names that are alike', () => {
    const filter = new NameFilter(2 ** 20);
    for (let i = 0; i < 60_000; i++) filter.add('cases_g2', `case-${i}`);
    let taken = 0;
    for (let i = 60_000; i < 160_000; i++) taken += Number(filter.mayHave('cases_g2', `case-${i}`));
    for (let i = 0; i < 60_000; i++) taken += Number(filter.mayHave('cases_g3', `case-${i}`));
    expect(taken / 160_000).toBeLessThan(0.01);
  });
});
