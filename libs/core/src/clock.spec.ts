import { describe, expect, it } from '@jest/globals';
import { isoTime, systemClock } from './clock.js';

describe('isoTime', () => {
  it('writes UTC with milliseconds, also where they are zero', () => {
    expect(isoTime(0)).toBe('1970-01-01T00:00:00.000Z');
    expect(isoTime(1769860800007)).toBe('2026-01-31T12:00:00.007Z');
  });
});

describe('isoTime, asked again', () => {
  it('answers for the moment that it is asked for, and refuses what is none each time', () => {
    const moments = [5, 5, 7, 5, -1, -1, 0];
    expect(moments.map(isoTime)).toEqual(moments.map((ms) => new Date(ms).toISOString()));
    for (const none of [NaN, NaN, Infinity]) expect(() => isoTime(none)).toThrow(RangeError);
    expect(isoTime(0)).toBe('1970-01-01T00:00:00.000Z');
  });
});

describe('systemClock', () => {
  it('is the time of the machine in milliseconds', () => {
    const before = Date.now();
    const now = systemClock();
    expect(now).toBeGreaterThanOrEqual(before);
    expect(now).toBeLessThanOrEqual(Date.now());
  });
});
