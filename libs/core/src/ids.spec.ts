import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { deriveUuidv7, isUuidv7, naturalId, timeOfUuidv7, uuidv7 } from './ids.js';

describe('uuidv7', () => {
  it('sorts as text in the order in which ids were made, whatever the clock does', () => {
    // Steps of the clock: still, forward, and back as after a correction.
    const steps = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 2, maxLength: 200 });
    fc.assert(
      fc.property(steps, (clock) => {
        let now = Date.UTC(2026, 0, 31);
        const ids = clock.map((step) => uuidv7((now += step)));
        expect(ids).toEqual([...ids].sort());
        expect(new Set(ids).size).toBe(ids.length);
      }),
    );
  });

  it('keeps the order when one millisecond asks for more ids than its counter has', () => {
    const ids = Array.from({ length: 10_000 }, () => uuidv7(Date.UTC(2027, 0, 1)));
    expect(ids).toEqual([...ids].sort());
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('has the form of RFC 9562 and carries its time', () => {
    const now = Date.UTC(2028, 5, 1, 12, 0, 0, 123);
    const id = uuidv7(now);
    expect(isUuidv7(id)).toBe(true);
    expect(timeOfUuidv7(id)).toBe(now);
  });
});

describe('isUuidv7', () => {
  it('refuses other versions, other variants, upper case and anything around it', () => {
    const id = '019c13ec-9e00-7242-a7a3-75f10d467120';
    expect(isUuidv7(id)).toBe(true);
    for (const other of [
      '019c13ec-9e00-4242-a7a3-75f10d467120',
      '019c13ec-9e00-7242-c7a3-75f10d467120',
      id.toUpperCase(),
      ` ${id}`,
      `${id}\n`,
      id.replaceAll('-', ''),
      '',
    ])
      expect(isUuidv7(other)).toBe(false);
  });
});

describe('deriveUuidv7', () => {
  const from = fc.nat({ max: Date.UTC(9999, 0, 1) }).map((ms) => {
    const time = ms.toString(16).padStart(12, '0');
    return `${time.slice(0, 8)}-${time.slice(8)}-7242-a7a3-75f10d467120`;
  });

  it('gives the same id again, a UUIDv7 of the same time', () => {
    fc.assert(
      fc.property(from, fc.string(), (id, label) => {
        const derived = deriveUuidv7(id, label);
        expect(deriveUuidv7(id, label)).toBe(derived);
        expect(isUuidv7(derived)).toBe(true);
        expect(timeOfUuidv7(derived)).toBe(timeOfUuidv7(id));
        expect(derived).not.toBe(id);
      }),
    );
  });

  it('gives another id for another label and for another origin', () => {
    fc.assert(
      fc.property(from, fc.uniqueArray(fc.string(), { minLength: 2, maxLength: 5 }), (id, labels) => {
        expect(new Set(labels.map((label) => deriveUuidv7(id, label))).size).toBe(labels.length);
      }),
    );
    const sameTime = '019c13ec-9e00-7242-a7a3-75f10d467121';
    expect(deriveUuidv7(sameTime, 'evidence')).not.toBe(deriveUuidv7('019c13ec-9e00-7242-a7a3-75f10d467120', 'evidence'));
  });

  it('never changes: a retry may come after an upgrade', () => {
    expect(deriveUuidv7('019c13ec-9e00-7242-a7a3-75f10d467120', 'evidence')).toBe('019c13ec-9e00-7f57-baf2-d3189cd045e6');
  });
});

describe('naturalId', () => {
  // Few letters, digits and the separator itself: what could make two lists of parts look alike.
  const part = fc.string({ unit: fc.constantFrom('a', '1', '2', ':', 'é', '👀'), maxLength: 4 });
  const parts = fc.array(part, { maxLength: 4 });

  it('tells lists of parts apart, wherever the borders between parts lie', () => {
    fc.assert(
      fc.property(parts, parts, (some, others) => {
        const same = JSON.stringify(some) === JSON.stringify(others);
        expect(naturalId(...some) === naturalId(...others)).toBe(same);
      }),
      { numRuns: 2_000 },
    );
    const shifted = [
      ['ab', 'c'],
      ['a', 'bc'],
      ['abc'],
      ['abc', ''],
      ['', 'abc'],
      ['a1:b', 'c'],
      ['a', 'b1:c'],
      ['a', '1:b', 'c'],
    ].map((list) => naturalId(...list));
    expect(new Set(shifted).size).toBe(shifted.length);
  });

  it('is 22 characters of base64url and never changes', () => {
    expect(naturalId('cheating', 'skyfall-arena', 'p-8814402')).toMatch(/^[A-Za-z0-9_-]{22}$/);
    expect(naturalId('cheating', 'skyfall-arena', 'p-8814402')).toBe('raaWhkwE55x-3fT0c5MCtA');
  });
});
