import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createRecordEncoder, decodeRecord } from './record-codec.js';

const encode = createRecordEncoder();
const place = { topicNumber: 3, partition: 7, offset: 2 ** 40 + 5 };

describe('a stored record', () => {
  it('reads back as it was written', () => {
    const wellFormed = fc.string({ unit: 'grapheme', maxLength: 200 });
    fc.assert(
      fc.property(wellFormed, wellFormed, fc.uint8Array({ maxLength: 3_000 }), fc.nat(), (key, id, bytes, appendedAt) => {
        const encoded = encode({ key, id, bytes }, place, appendedAt);
        const decoded = decodeRecord(encoded.key, encoded.value)!;
        expect(decoded).toMatchObject({ key, id, appendedAt });
        expect(Buffer.from(decoded.bytes).equals(bytes)).toBe(true);
      }),
    );
  });

  it('is larger than the encoder has ever seen', () => {
    const bytes = Buffer.alloc(900_000, 5);
    const encoded = encode({ key: 'k', id: 'i', bytes }, place, 1);
    expect(Buffer.from(decodeRecord(encoded.key, encoded.value)!.bytes).equals(bytes)).toBe(true);
  });

  it('is not believed with any byte changed, cut short, or in another place', () => {
    const encoded = encode({ key: 'player', id: 'id', bytes: Buffer.from('what happened') }, place, 1_700_000_000_000);
    const [key, value] = [Buffer.from(encoded.key), Buffer.from(encoded.value)];
    for (let i = 0; i < value.length; i++) {
      const damaged = Buffer.from(value);
      damaged[i]! ^= 0x40;
      expect(decodeRecord(key, damaged)).toBeUndefined();
      expect(decodeRecord(key, value.subarray(0, i))).toBeUndefined();
    }
    const elsewhere = Buffer.from(key);
    elsewhere[11]! ^= 1;
    expect(decodeRecord(elsewhere, value)).toBeUndefined();
    expect(decodeRecord(key, value)).toBeDefined();
  });
});
