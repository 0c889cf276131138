import { describe, expect, it } from '@jest/globals';
import { decodeEvent, definitions, encodeEvent, type RingsideEvent } from '@ringside/events';
import fc from 'fast-check';

import { recorded } from './contract-arbitraries.js';
import { frozen } from './decider-laws.js';

// What @ringside/events promises; here, since that library cannot import this one.

const bytesOf = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value), 'utf8');
const ofEach = definitions.map((definition) => [definition.type, definition] as const);
const ofEachVersion = definitions.flatMap((definition) =>
  definition.versions.map((_, index) => [definition.type, index + 1, definition] as const),
);
const current = (event: unknown): RingsideEvent => event as RingsideEvent;

describe('any event of the contract', () => {
  it.each(ofEach)('%s is read back as it was, and written again as the same bytes', (_, definition) => {
    fc.assert(
      fc.property(recorded(definition), (given) => {
        const event = current(frozen(given));
        const bytes = encodeEvent(event);
        const decoded = decodeEvent(bytes);
        expect(decoded).toEqual({ ok: true, value: event });
        if (decoded.ok) expect(Buffer.from(encodeEvent(decoded.value)).equals(bytes)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it.each(ofEach)('%s belongs to the same stream and has the same key once it is read', (_, definition) => {
    fc.assert(
      fc.property(recorded(definition), (event) => {
        const decoded = decodeEvent(bytesOf(event));
        expect(decoded).toMatchObject({ ok: true, value: { stream: event['stream'], sequence: event['sequence'] } });
        if (!decoded.ok) return;
        expect(definition.key(decoded.value.data as never)).toBe(definition.key(event['data'] as never));
        expect(definition.key(decoded.value.data as never).length).toBeGreaterThan(0);
      }),
      { numRuns: 25 },
    );
  });
});

describe('any event of any version', () => {
  it.each(ofEachVersion)('%s version %i is read as a valid event of the current version', (_, version, definition) => {
    fc.assert(
      fc.property(recorded(definition, version), (old) => {
        const decoded = decodeEvent(bytesOf(frozen(old)));
        if (!decoded.ok) throw new Error(decoded.error.message);
        const { data, version: readAs, ...around } = decoded.value;
        const { data: _data, version: _version, ...before } = old;
        expect(around).toEqual(before);
        expect(readAs).toBe(definition.version);
        if (version === definition.version) expect(data).toEqual(old['data']);
        // What came of an old version is what the code of today would write, and reading that changes nothing any more.
        expect(decodeEvent(encodeEvent(decoded.value))).toEqual(decoded);
      }),
      { numRuns: 50 },
    );
  });

  it.each(ofEachVersion)(
    '%s version %i is refused without a field that it needs, and with one too many',
    (_, version, definition) => {
      const needed = Object.entries(definition.versions[version - 1]!.data.shape)
        .filter(([, field]) => (field._zod.def as { type: string }).type !== 'optional')
        .map(([name]) => name);
      fc.assert(
        fc.property(recorded(definition, version), fc.constantFrom(...needed), (event, name) => {
          const { [name]: _gone, ...rest } = event['data'] as Record<string, unknown>;
          for (const data of [rest, { ...(event['data'] as object), fieldOfTomorrow: 1 }]) {
            const decoded = decodeEvent(bytesOf({ ...event, data }));
            expect(decoded).toMatchObject({ ok: false, error: { code: 'invalid_data' } });
            if (!decoded.ok) expect(decoded.error.message).toContain(`${definition.type} version ${version} is not valid`);
          }
        }),
        { numRuns: 25 },
      );
    },
  );
});

describe('a damaged event', () => {
  const damaged = fc.oneof(...definitions.map((definition) => recorded(definition))).chain((event) => {
    const bytes = encodeEvent(current(event));
    return fc.tuple(
      fc.constant(bytes),
      fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 })), { minLength: 1, maxLength: 3 }),
      fc.nat(bytes.length - 1),
    );
  });

  it('is never read as something that is not of the contract, and is no reason to throw', () => {
    fc.assert(
      fc.property(damaged, ([bytes, flips, length]) => {
        const flipped = Uint8Array.from(bytes);
        for (const [at, mask] of flips) flipped[at]! ^= mask;
        for (const some of [flipped, bytes.subarray(0, length)]) {
          const decoded = decodeEvent(some);
          if (decoded.ok) expect(() => encodeEvent(decoded.value)).not.toThrow();
          else expect(decoded.error.message).toMatch(/\.$/);
        }
        expect(decodeEvent(bytes.subarray(0, length)).ok).toBe(false);
      }),
      { numRuns: 500 },
    );
  });
});
