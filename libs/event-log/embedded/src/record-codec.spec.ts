import { describe, expect, it } from '@jest/globals';
import { decodeRecord } from './record-codec.js';
import { formatOneRecord } from './record-codec.fixture.js';

const place = { topicNumber: 3, partition: 7, offset: 2 ** 40 + 5 };

describe('a record of format 1', () => {
  it('reads back as it was written', () => {
    const record = { key: 'Spieler-ß', id: 'id-1', bytes: Buffer.from('what happened') };
    const { key, value } = formatOneRecord(record, place, 1_700_000_000_000);
    expect(decodeRecord(key, value)).toEqual({ ...record, appendedAt: 1_700_000_000_000 });
  });

  it('is not believed with any byte changed, cut short, or in another place', () => {
    const { key, value } = formatOneRecord({ key: 'player', id: 'id', bytes: Buffer.from('what happened') }, place, 5);
    for (let i = 0; i < value.length; i++) {
      const damaged = Buffer.from(value);
      damaged[i]! ^= 0x40;
      expect(decodeRecord(key, damaged)).toBeUndefined();
      expect(decodeRecord(key, value.subarray(0, i))).toBeUndefined();
    }
    const elsewhere = Buffer.from(key);
    elsewhere[11]! ^= 1;
    expect(decodeRecord(elsewhere, value)).toBeUndefined();
  });
});
