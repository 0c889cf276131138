import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { median, percentile, spreadOf } from './statistics.js';

const values = fc.array(fc.integer({ min: -1_000, max: 1_000 }), { minLength: 1, maxLength: 50 });

describe('median', () => {
  it('is the middle value, or the mean of the two in the middle', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([10, 1, 2, 9])).toBe(5.5);
    expect(median([7])).toBe(7);
  });

  it('sorts by value and leaves what it was given as it is', () => {
    const given = [10, 9, 100];
    expect(median(given)).toBe(10);
    expect(given).toEqual([10, 9, 100]);
  });

  it('has as many values above it as below', () => {
    fc.assert(
      fc.property(values, (given) => {
        const middle = median(given);
        expect(given.filter((value) => value < middle).length).toBeLessThanOrEqual(given.length / 2);
        expect(given.filter((value) => value > middle).length).toBeLessThanOrEqual(given.length / 2);
      }),
    );
  });
});

describe('percentile', () => {
  it('is the nearest rank', () => {
    const hundred = Array.from({ length: 100 }, (_, i) => 100 - i);
    expect(percentile(hundred, 0.5)).toBe(50);
    expect(percentile(hundred, 0.99)).toBe(99);
    expect(percentile(hundred, 1)).toBe(100);
    expect(percentile([3, 1, 2], 0.01)).toBe(1);
  });

  it('is not exceeded by its share, and is by more than the rest where it is taken away', () => {
    fc.assert(
      fc.property(values, fc.double({ min: 0.01, max: 1, noNaN: true }), (given, share) => {
        const limit = percentile(given, share);
        expect(given.filter((value) => value <= limit).length).toBeGreaterThanOrEqual(share * given.length);
        expect(given.filter((value) => value < limit).length).toBeLessThan(share * given.length);
      }),
    );
  });

  it('refuses a share that is none', () => {
    expect(() => percentile([1], 0)).toThrow(RangeError);
    expect(() => percentile([1], 99)).toThrow(RangeError);
  });
});

describe('spreadOf', () => {
  it('gives median and extremes', () => {
    expect(spreadOf([0.8, 1.2, 0.9])).toEqual({ median: 0.9, min: 0.8, max: 1.2 });
  });

  it('refuses no values, and what is not a number', () => {
    expect(() => spreadOf([])).toThrow(RangeError);
    expect(() => spreadOf([1, Number.NaN])).toThrow(RangeError);
  });
});
