import { crc32 } from 'node:zlib';

/*
 * A record as format 1 of the log stored it, each by itself: version (1 byte), 0 (1), length of key (2), length of id (2),
 * appendedAt (6), key, id, bytes, CRC-32 (4): big-endian. The checksum is over the storage key and all that stands before it, so a
 * record in a wrong place is found as well. Nothing writes it any more; logs that were begun with it are read.
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
