import { describe, expect, it } from '@jest/globals';
import { DamagedValueError } from '@ringside/view-store';
import fc from 'fast-check';

import { encodeJson, encodeNumber, encodeRow, jsonOf, numberOf, timestampOf, valueOf } from './row-value.js';

const key = Buffer.from('partition and key');
const row = encodeRow(key, 2 ** 53 - 1, '{"a":1}');

/** Each value with a bit of it turned over. */
const flipped = (bytes: Buffer): readonly Buffer[] =>
  Array.from({ length: bytes.length * 8 }, (_, bit) => {
    const copy = Buffer.from(bytes);
    copy[bit >> 3]! ^= 1 << (bit & 7);
    return copy;
  });

describe('values on disk', () => {
  it('come back as they were', () => {
    expect([timestampOf(row), valueOf(key, row)]).toEqual([2 ** 53 - 1, { a: 1 }]);
    expect(numberOf(key, encodeNumber(key, 123_456_789_012))).toBe(123_456_789_012);
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        expect(JSON.stringify(jsonOf(key, encodeJson(key, text)))).toBe(text);
      }),
    );
  });

  it('are refused with any of their bits turned over', () => {
    for (const bytes of flipped(row)) expect(() => valueOf(key, bytes)).toThrow(DamagedValueError);
    for (const bytes of flipped(encodeNumber(key, 5))) expect(() => numberOf(key, bytes)).toThrow(DamagedValueError);
    for (const bytes of flipped(encodeJson(key, '{"b":[2]}'))) expect(() => jsonOf(key, bytes)).toThrow(DamagedValueError);
  });

  it('are refused under another key', () => {
    expect(() => valueOf(Buffer.from('another'), row)).toThrow(DamagedValueError);
  });

  it('of older versions are read, which have no checksum', () => {
    expect(valueOf(key, Buffer.from('\0\0\0\0\0\0\0\x07{"a":1}'))).toEqual({ a: 1 });
    expect(numberOf(key, Buffer.from('\0\0\0\0\0\0\0\x07'))).toBe(7);
    expect(jsonOf(key, Buffer.from('{"a":1}'))).toEqual({ a: 1 });
  });
});
