import { describe, expect, it } from '@jest/globals';
import { percentilesOf } from './figures.js';

describe('percentilesOf', () => {
  it('gives durations that occurred, by nearest rank', () => {
    const shuffled = Array.from({ length: 1_000 }, (_, index) => ((index * 7) % 1_000) + 1);
    expect(percentilesOf(shuffled)).toEqual({ count: 1_000, p50: 500, p90: 900, p99: 990, p999: 999, max: 1_000 });
  });

  it('gives the only one there is, and nothing for none', () => {
    expect(percentilesOf([3])).toEqual({ count: 1, p50: 3, p90: 3, p99: 3, p999: 3, max: 3 });
    expect(percentilesOf([])).toBeNull();
  });
});
