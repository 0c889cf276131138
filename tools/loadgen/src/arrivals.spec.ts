import { describe, expect, it } from '@jest/globals';
import { arrivals, type ArrivalOptions } from './arrivals.js';

/** Arrivals in each of the first seconds. */
function perSecond(seconds: number, options: Partial<ArrivalOptions>): readonly number[] {
  const counts = Array<number>(seconds).fill(0);
  for (const dueMs of arrivals({ seed: 'one', perSecond: 100, burstSeconds: 0, ...options })) {
    if (dueMs >= seconds * 1_000) return counts;
    counts[Math.floor(dueMs / 1_000)]! += 1;
  }
  throw new Error('arrivals never end');
}

const mean = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0) / counts.length;

describe('arrivals', () => {
  it('come at the rate on average, and independently of each other', () => {
    const counts = perSecond(400, {});
    const average = mean(counts);
    expect(average).toBeGreaterThan(97);
    expect(average).toBeLessThan(103);
    // A Poisson process: the variance of the counts is their mean. Evenly spaced ones would have none.
    const variance = mean(counts.map((count) => (count - average) ** 2));
    expect(variance / average).toBeGreaterThan(0.7);
    expect(variance / average).toBeLessThan(1.3);
  });

  it('come ten times as fast in a burst, each minute', () => {
    const counts = perSecond(120, { burstSeconds: 5 });
    const inBurst = (second: number): boolean => second % 60 >= 5 && second % 60 < 10;
    const burst = mean(counts.filter((_, second) => inBurst(second)));
    const calm = mean(counts.filter((_, second) => !inBurst(second)));
    expect(burst / calm).toBeGreaterThan(9);
    expect(burst / calm).toBeLessThan(11);
  });

  it('are the same for the same seed', () => {
    expect(perSecond(10, {})).toEqual(perSecond(10, {}));
    expect(perSecond(10, { seed: 'two' })).not.toEqual(perSecond(10, {}));
  });
});
