import { describe, expect, it } from '@jest/globals';

import { gridOf } from './figure-grid.js';

describe('the grid of figures', () => {
  it('has a column for each number in ascending order, and leaves out what was measured at none', () => {
    const figures = [
      { name: 'heap', at: 1_000, value: 3, unit: 'MiB' },
      { name: 'heap', at: 10, value: 2, unit: 'MiB' },
      { name: 'rate', at: 10, value: 9, unit: '/s' },
      { name: 'ratio', value: 1.5, unit: '×' },
    ];
    const { columns, lines } = gridOf(figures);
    expect(columns).toEqual([10, 1_000]);
    expect(lines.map(({ name, unit, cells }) => [name, unit, ...cells.map((cell) => cell?.value)])).toEqual([
      ['heap', 'MiB', 2, 3],
      ['rate', '/s', 9, undefined],
    ]);
  });

  it('is empty without such figures', () => {
    expect(gridOf([{ name: 'ratio', value: 1, unit: '×' }])).toEqual({ columns: [], lines: [] });
  });
});
