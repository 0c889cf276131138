import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatOneRecord } from './record-codec.fixture.js';
import type { EncodableRecord } from './record-codec.js';
import { createSegmentEncoder, openSegment } from './segment-codec.js';

const encode = createSegmentEncoder();
const place = { topicNumber: 3, partition: 7, base: 2 ** 40 + 5 };

const text = fc.string({ unit: 'grapheme', maxLength: 100 });
const record = fc.record({ key: text, id: text, bytes: fc.uint8Array({ maxLength: 3_000 }) });

function stored(records: readonly EncodableRecord[], appendedAt = 1): { readonly key: Buffer; readonly value: Buffer } {
  const { key, value } = encode(records, place, appendedAt);
  return { key: Buffer.from(key), value: Buffer.from(value) };
}

const some = ['a', 'bb', 'ccc'].map((id) => ({ key: `player-${id}`, id, bytes: Buffer.from(`what happened to ${id}`) }));

describe('a segment', () => {
  it('reads back as it was written', () => {
    fc.assert(
      fc.property(fc.array(record, { minLength: 1, maxLength: 20 }), fc.nat(), (records, appendedAt) => {
        const { key, value } = stored(records, appendedAt);
        const segment = openSegment(key, value)!;
        expect(segment).toMatchObject({ base: place.base, count: records.length, appendedAt });
        for (const [i, { bytes, ...names }] of records.entries()) {
          const read = segment.record(i)!;
          expect(read).toMatchObject({ ...names, appendedAt });
          expect(Buffer.from(read.bytes).equals(bytes)).toBe(true);
        }
      }),
    );
  });

  it('is larger than the encoder has ever seen', () => {
    const bytes = Buffer.alloc(900_000, 5);
    const { key, value } = stored([{ key: 'k', id: 'i', bytes }]);
    expect(Buffer.from(openSegment(key, value)!.record(0)!.bytes).equals(bytes)).toBe(true);
  });

  it('never hands out anything else, whichever byte of it is changed, and loses no more than one record to a change in a frame', () => {
    const { key, value } = stored(some);
    const framesAt = 10 + 4 * some.length + 4;
    for (let i = 0; i < value.length; i++) {
      const damaged = Buffer.from(value);
      damaged[i]! ^= 0x40;
      const segment = openSegment(key, damaged);
      const read = segment === undefined ? [] : some.map((_, index) => segment.record(index));
      const good = read.filter((one) => one !== undefined);
      expect(good).toHaveLength(i < framesAt ? 0 : some.length - 1);
      for (const [index, one] of read.entries()) if (one) expect(one).toMatchObject({ id: some[index]!.id });
    }
  });

  it('is not believed when it is cut short, or in another place', () => {
    const { key, value } = stored(some);
    for (let length = 0; length < value.length; length++) {
      expect(openSegment(key, value.subarray(0, length))).toBeUndefined();
    }
    for (let i = 0; i < key.length; i++) {
      const elsewhere = Buffer.from(key);
      elsewhere[i]! ^= 1;
      expect(openSegment(elsewhere, value)).toBeUndefined();
    }
  });

  it('does not take the record of one number for that of another', () => {
    const alike = [some[0]!, some[0]!, some[0]!];
    const { key, value } = stored(alike);
    const framesAt = 10 + 4 * alike.length + 4;
    const frame = (value.length - framesAt) / alike.length;
    const swapped = Buffer.concat([
      value.subarray(0, framesAt),
      value.subarray(framesAt + frame, framesAt + 2 * frame),
      value.subarray(framesAt, framesAt + frame),
      value.subarray(framesAt + 2 * frame),
    ]);
    const segment = openSegment(key, swapped)!;
    expect([0, 1, 2].map((index) => segment.record(index)?.id)).toEqual([undefined, undefined, some[0]!.id]);
  });

  it('is read from what format 1 has stored, as a segment of one', () => {
    const alone = { key: 'player', id: 'id', bytes: Buffer.from('long ago') };
    const { key, value } = formatOneRecord(alone, { topicNumber: 3, partition: 7, offset: 41 }, 17);
    const segment = openSegment(key, value)!;
    expect(segment).toMatchObject({ base: 41, count: 1, appendedAt: 17 });
    expect(segment.record(0)).toEqual({ ...alone, appendedAt: 17 });
  });
});
