import { describe, expect, it } from '@jest/globals';
import { isoTime, systemClock } from './clock.js';

describe('isoTime', () => {
  it('writes UTC with milliseconds, also where they are zero', () => {
    expect(isoTime(0)).toBe('1970-01-01T00:00:00.000Z');
    expect(isoTime(1769860800007)).toBe('2026-01-31T12:00:00.007Z');
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
