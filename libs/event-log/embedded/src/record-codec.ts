import { crc32 } from 'node:zlib';
import { recordKeyBytes, writeRecordKey } from './storage-key.js';

/*
 * version (1 byte), 0 (1), length of key (2), length of id (2), appendedAt (6), key, id, bytes, CRC-32 (4): big-endian.
 * The checksum is over the storage key and all that stands before it, so a record in a wrong place is found as well.
 */
const version = 1;
const headerBytes = 12;
const crcBytes = 4;

export const idBytesMax = 0xffff;

export interface EncodableRecord {
  readonly key: string;
  readonly id: string;
  readonly bytes: Uint8Array;
}

export interface RecordPlace {
  readonly topicNumber: number;
  readonly partition: number;
  readonly offset: number;
}

/** Views into one buffer that the next `encode` writes over. */
export interface EncodedRecord {
  readonly key: Buffer;
  readonly value: Buffer;
}

/** An encoder with a buffer of its own: LMDB copies what it is given before `put` returns. */
export function createRecordEncoder(): (record: EncodableRecord, place: RecordPlace, appendedAt: number) => EncodedRecord {
  let scratch = Buffer.allocUnsafeSlow(64 * 1024);
  let storageKey = scratch.subarray(0, recordKeyBytes);

  return (record, place, appendedAt) => {
    const bytesMax = recordKeyBytes + headerBytes + 3 * (record.key.length + record.id.length) + record.bytes.length + crcBytes;
    if (scratch.length < bytesMax) {
      scratch = Buffer.allocUnsafeSlow(2 * bytesMax);
      storageKey = scratch.subarray(0, recordKeyBytes);
    }
    writeRecordKey(scratch, place.topicNumber, place.partition, place.offset);
    const start = recordKeyBytes + headerBytes;
    const keyBytes = scratch.write(record.key, start);
    const idBytes = scratch.write(record.id, start + keyBytes);
    scratch.set(record.bytes, start + keyBytes + idBytes);
    scratch[recordKeyBytes] = version;
    scratch[recordKeyBytes + 1] = 0;
    scratch.writeUInt16BE(keyBytes, recordKeyBytes + 2);
    scratch.writeUInt16BE(idBytes, recordKeyBytes + 4);
    scratch.writeUIntBE(appendedAt, recordKeyBytes + 6, 6);
    const end = start + keyBytes + idBytes + record.bytes.length;
    scratch.writeUInt32BE(crc32(scratch.subarray(0, end)), end);
    return { key: storageKey, value: scratch.subarray(recordKeyBytes, end + crcBytes) };
  };
}

export interface DecodedRecord extends EncodableRecord {
  readonly appendedAt: number;
}

/** Undefined where the checksum or the layout does not hold. `bytes` is a view into `value`. */
export function decodeRecord(storageKey: Uint8Array, value: Buffer): DecodedRecord | undefined {
  const end = value.length - crcBytes;
  if (end < headerBytes || crc32(value.subarray(0, end), crc32(storageKey)) !== value.readUInt32BE(end)) return undefined;
  const keyEnd = headerBytes + value.readUInt16BE(2);
  const idEnd = keyEnd + value.readUInt16BE(4);
  if (value[0] !== version || idEnd > end) return undefined;
  return {
    key: value.toString('utf8', headerBytes, keyEnd),
    id: value.toString('utf8', keyEnd, idEnd),
    bytes: value.subarray(idEnd, end),
    appendedAt: value.readUIntBE(6, 6),
  };
}
