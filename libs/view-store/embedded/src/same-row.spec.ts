import { describe, expect, it } from '@jest/globals';

import { encodeKey } from './row-key.js';
import { encodeRow, isSameRow } from './row-value.js';

const key = encodeKey('p', 'k');
const row = (timestamp: number, text: string): Buffer => encodeRow(key, timestamp, text);

/** As versions wrote it that had no checksums. */
function unsealed(timestamp: number, text: string): Buffer {
  const bytes = row(timestamp, text);
  bytes[0]! &= 0x7f;
  return bytes.subarray(0, -4);
}

describe('two rows are the same', () => {
  it.each([
    ['both with a checksum', row(5, '{"a":1}'), row(5, '{"a":1}'), true],
    ['both without', unsealed(5, '{"a":1}'), unsealed(5, '{"a":1}'), true],
    ['one with, and one without', row(5, '{"a":1}'), unsealed(5, '{"a":1}'), true],
    ['another text', row(5, '{"a":1}'), unsealed(5, '{"a":2}'), false],
    ['a longer text', row(5, '{"a":1}'), unsealed(5, '{"a":1}    '), false],
    ['another timestamp', row(5, '{"a":1}'), unsealed(6, '{"a":1}'), false],
    ['another timestamp, with checksums', row(5, '{}'), row(6, '{}'), false],
  ])('%s', (_, a, b, same) => {
    expect([isSameRow(a, b), isSameRow(b, a)]).toEqual([same, same]);
  });
});
