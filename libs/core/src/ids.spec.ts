import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { deriveUuidv7, isUuidv7, naturalId, timeOfUuidv7, useUuidv7Source, uuidv7, uuidv7Source } from './ids.js';

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

describe('uuidv7Source', () => {
  const now = Date.UTC(2029, 0, 1);
  /** Fills with one byte, and counts how often it is asked. */
  function source(byte: number) {
    const asked = { times: 0 };
    const next = uuidv7Source((bytes) => {
      bytes.fill(byte);
      asked.times += 1;
    });
    return { next, asked };
  }
  const counterOf = (id: string): number => Number.parseInt(id.slice(15, 18), 16);

  it('starts each millisecond at random, in the lower half of the counter, and counts on from there', () => {
    const { next } = source(0xff);
    expect([next(now), next(now), next(now - 1)].map(counterOf)).toEqual([0x7ff, 0x800, 0x801]);
    expect(counterOf(next(now + 1))).toBe(0x7ff);
  });

  it('uses all of the counter before it borrows the next millisecond, where it starts at zero', () => {
    const { next } = source(0xff);
    const ids = Array.from({ length: 0x1000 - 0x7ff + 2 }, () => next(now));
    const last = ids.filter((id) => timeOfUuidv7(id) === now).at(-1)!;
    expect(counterOf(last)).toBe(0xfff);
    expect(ids.filter((id) => timeOfUuidv7(id) === now)).toHaveLength(0x1000 - 0x7ff);
    expect(ids.slice(-2).map((id) => [timeOfUuidv7(id), counterOf(id)])).toEqual([
      [now + 1, 0],
      [now + 1, 1],
    ]);
  });

  it('asks for chance once in 256 ids, and uses each byte once', () => {
    let byte = 0;
    let times = 0;
    const next = uuidv7Source((bytes) => {
      times += 1;
      for (let i = 0; i < bytes.length; i += 1) bytes[i] = (byte = (byte * 167 + 13) % 65_536) >> 8;
    });
    const ids = Array.from({ length: 512 }, (_, i) => next(now + i));
    expect(times).toBe(2);
    expect(new Set(ids.map((id) => id.slice(19))).size).toBe(512);
  });

  it("makes ids of the machine's chance unless somebody names another source, for all who ask", () => {
    const { next } = source(0x2a);
    const nodes = Array.from({ length: 300 }, () => uuidv7().slice(24));
    expect(new Set(nodes).size).toBe(300);
    const before = uuidv7Source((bytes) => void globalThis.crypto.getRandomValues(bytes));
    useUuidv7Source(next);
    expect(uuidv7(now)).toMatch(/-aa2a-2a2a2a2a2a2a$/);
    useUuidv7Source(before);
    expect(isUuidv7(uuidv7())).toBe(true);
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
