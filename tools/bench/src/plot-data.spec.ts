import { describe, expect, it } from '@jest/globals';

import { chartsOf } from './plot-data.js';
import type { NamedResult } from './results-in-words.js';
import type { Compared, Round } from './row.js';

const spread = { median: 1, min: 1, max: 1 };
const other = (name: string, role: Compared['role'], more: Partial<Compared> = {}): Compared => ({
  name,
  role,
  is: name,
  durability: 'flushed',
  ratio: spread,
  cpuRatio: spread,
  ...more,
});

/** Rates of each round, by contestant. */
const rounds = (...rates: readonly Record<string, number>[]): readonly Round[] =>
  rates.map((of) => ({
    order: Object.keys(of),
    foreignCores: 0,
    measurements: Object.fromEntries(
      Object.entries(of).map(([name, events]) => [name, { events, seconds: 1, cpuSeconds: 1 }] as const),
    ),
  }));

const append: NamedResult = {
  kind: 'comparison',
  name: 'append',
  title: 'appended',
  subjectIs: 'the log',
  durability: 'flushed',
  counted: 'events',
  others: [
    other('redis', 'peer', { durability: 'flushed later' }),
    other('emmett', 'peer', { aimRatioMin: 15 }),
    other('bare', 'floor', { aimRatioMin: 0.9 }),
  ],
  rounds: rounds({ ringside: 90, bare: 100, emmett: 9, redis: 45 }, { ringside: 80, bare: 100, emmett: 8, redis: 80 }),
};

describe('the charts of a run', () => {
  it('show the ratio of every round to the bare loop, its median and the aim', () => {
    const [floors] = chartsOf([append]);
    expect(floors).toMatchObject({ xNames: ['append'], x: [0], yLog: true });
    expect(floors!.series.map(({ style, values }) => [style, values])).toEqual([
      ['round', [0.9]],
      ['round', [0.8]],
      ['median', [expect.closeTo(0.85)]],
      ['aim', [0.9]],
    ]);
  });

  it('show peers apart from it, and leave the aim out where there is none', () => {
    const [, peers] = chartsOf([append]);
    expect(peers!.xNames).toEqual(['append: redis', 'append: emmett']);
    expect(peers!.series.at(-1)).toEqual({ name: 'aim', style: 'aim', values: [null, 15] });
  });

  it('show the rates of several contestants by what they promise, Ringside first', () => {
    const rates = chartsOf([append])[2]!;
    expect(rates.row).toBe('append');
    expect(rates.xNames).toEqual(['ringside (flushed)', 'emmett (flushed)', 'bare (flushed)', 'redis (flushed later)']);
    expect(rates.series.at(-1)).toEqual({ name: 'median', style: 'median', values: [85, 8.5, 100, 62.5] });
  });

  it('show what a row draws of itself, and nothing of one that was skipped', () => {
    const plot = {
      title: 'Memory',
      x: { label: 'reports', values: [10, 100], log: true },
      y: { label: 'MiB' },
      lines: [{ name: 'heap', values: [1, null] }],
    };
    const growth: NamedResult = { kind: 'figures', name: 'growth', title: 't', how: 'h', figures: [], plots: [plot] };
    expect(chartsOf([growth, { kind: 'skipped', name: 'n', title: 't', why: 'w' }])).toEqual([
      {
        title: 'Memory',
        row: 'growth',
        x: [10, 100],
        xLabel: 'reports',
        xLog: true,
        yLabel: 'MiB',
        yLog: false,
        series: [{ name: 'heap', style: 'line', values: [1, null] }],
      },
    ]);
  });
});
