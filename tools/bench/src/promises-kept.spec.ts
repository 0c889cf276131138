import { describe, expect, it } from '@jest/globals';

import type { NamedResult } from './results-in-words.js';
import { promisesOf } from './promises-kept.js';
import type { Round } from './row.js';

const spread = (median: number) => ({ median, min: median / 2, max: median * 2 });
const rounds = (...cores: readonly number[]): readonly Round[] =>
  cores.map((foreignCores) => ({ order: [], foreignCores, measurements: {} }));

const comparison = (median: number, ...cores: readonly number[]): NamedResult => ({
  kind: 'comparison',
  name: 'append',
  title: 'events appended',
  subjectIs: 'the log',
  durability: 'flushed',
  counted: 'events',
  others: [
    {
      name: 'bare',
      role: 'floor',
      is: 'lmdb',
      durability: 'flushed',
      aimRatioMin: 0.9,
      ratio: spread(median),
      cpuRatio: spread(1),
    },
    { name: 'known', role: 'peer', is: 'no aim', durability: 'flushed', ratio: spread(9), cpuRatio: spread(1) },
  ],
  rounds: rounds(...cores),
});

const figures: NamedResult = {
  kind: 'figures',
  name: 'growth',
  title: 'growth',
  how: 'It is measured. And more',
  atIs: 'reports',
  figures: [
    { name: 'rebuilt in', at: 1_000_000, value: 61, unit: 's', aimMax: 60 },
    { name: 'rate', at: 1_000_000, value: 5, unit: '/s' },
    { name: 'cost', value: 1.1, unit: '×', aimMax: 1.2, spread: { min: 1, max: 1.3 } },
  ],
  foreignCores: [0, 0, 0, 0, 0],
};

describe('the promises of a run', () => {
  it('are the aims, with what was reached, its spread and how many rounds were clean', () => {
    const [promise, ...others] = promisesOf([comparison(0.95, 0, 0, 0, 0, 0, 2)], { judged: true });
    expect(promise).toEqual({
      promise: 'Events appended: at least 0.9 times as fast as the bare loop beneath',
      how: 'beside bare: lmdb',
      aim: 'at least 0.9',
      figure: '0.95 (0.47..1.90; 5/6 rounds clean)',
      kept: true,
    });
    expect(others).toEqual([]);
  });

  it('say when they had to take disturbed rounds, and when they are not kept', () => {
    const [promise] = promisesOf([comparison(0.8, 1, 0, 0)], { judged: true });
    expect(promise).toMatchObject({ figure: '0.80 (0.40..1.60; only 2/3 rounds were clean)', kept: false });
  });

  it('hold figures to their greatest values', () => {
    const promises = promisesOf([figures], { judged: true });
    expect(promises.map(({ promise, aim, figure, kept }) => [promise, aim, figure, kept])).toEqual([
      ['Growth: rebuilt in at 1,000,000 reports', '≤ 60 s', '61 s', false],
      ['Growth: cost', '≤ 1.2 ×', '1.1 × (1..1.3; 5/5 rounds clean)', true],
    ]);
    expect(promises[0]!.how).toBe('It is measured');
  });

  it('are not judged by a quick run', () => {
    const promises = promisesOf([comparison(0.1, 0), figures], { judged: false });
    expect(promises.map(({ kept }) => kept)).toEqual([undefined, undefined, undefined]);
  });
});
