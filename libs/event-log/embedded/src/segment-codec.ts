import { crc32 } from 'node:zlib';
import { decodeRecord, type DecodedRecord, type EncodableRecord } from './record-codec.js';
import { recordKeyBytes, writeRecordKey } from './storage-key.js';

/*
 * A segment: the records that one transaction gave one partition, one behind the other under the offset of the first.
 *
 * version (1 byte), 0 (1), number of records (2), appendedAt (6), the length of each frame (4), CRC-32 (4), then the frames:
 * length of key (2), length of id (2), key, id, bytes, CRC-32 (4). All numbers big-endian.
 * The first checksum is over the storage key and all that stands before it, so a segment in a wrong place is found. A frame's own
 * begins with that one plus the frame's number, and is not counted in its length: what is damaged is one record, as far as it can be.
 */
const version = 2;
const fixedBytes = 10;
const lengthBytes = 4;
const crcBytes = 4;
const frameHeaderBytes = 4;

/** Bounds of a segment, so that who reads one record of it does not read much more. A larger record has one of its own. */
export const segmentRecordsMax = 256;
export const segmentBytesMax = 64 * 1024;

export interface SegmentPlace {
  readonly topicNumber: number;
  readonly partition: number;
  /** The offset of its first record. */
  readonly base: number;
}

/** Views into one buffer that the next call writes over. */
export interface EncodedSegment {
  readonly key: Buffer;
  readonly value: Buffer;
}

type EncodeSegment = (records: readonly EncodableRecord[], place: SegmentPlace, appendedAt: number) => EncodedSegment;

/** An encoder with a buffer of its own: LMDB copies what it is given before `put` returns. */
export function createSegmentEncoder(): EncodeSegment {
  let scratch = Buffer.allocUnsafeSlow(4 * segmentBytesMax);
  let storageKey = scratch.subarray(0, recordKeyBytes);

  return (records, { topicNumber, partition, base }, appendedAt) => {
    const bytesMax = bytesMaxOf(records);
    if (scratch.length < bytesMax) {
      scratch = Buffer.allocUnsafeSlow(2 * bytesMax);
      storageKey = scratch.subarray(0, recordKeyBytes);
    }
    writeRecordKey(scratch, topicNumber, partition, base);
    scratch[recordKeyBytes] = version;
    scratch[recordKeyBytes + 1] = 0;
    scratch.writeUInt16BE(records.length, recordKeyBytes + 2);
    scratch.writeUIntBE(appendedAt, recordKeyBytes + 4, 6);
    const lengthsAt = recordKeyBytes + fixedBytes;
    const headerEnd = lengthsAt + records.length * lengthBytes;
    let end = headerEnd + crcBytes;
    for (let i = 0; i < records.length; i++) {
      const length = writeFrame(scratch, end, records[i]!);
      scratch.writeUInt32BE(length, lengthsAt + i * lengthBytes);
      end += length + crcBytes;
    }
    const headerCrc = crc32(scratch.subarray(0, headerEnd));
    scratch.writeUInt32BE(headerCrc, headerEnd);
    let start = headerEnd + crcBytes;
    for (let i = 0; i < records.length; i++) {
      const frameEnd = start + scratch.readUInt32BE(lengthsAt + i * lengthBytes);
      scratch.writeUInt32BE(crc32(scratch.subarray(start, frameEnd), frameSeed(headerCrc, i)), frameEnd);
      start = frameEnd + crcBytes;
    }
    return { key: storageKey, value: scratch.subarray(recordKeyBytes, end) };
  };
}

function bytesMaxOf(records: readonly EncodableRecord[]): number {
  let bytesMax = recordKeyBytes + fixedBytes + crcBytes;
  for (const { key, id, bytes } of records) {
    bytesMax += lengthBytes + frameHeaderBytes + 3 * (key.length + id.length) + bytes.length + crcBytes;
  }
  return bytesMax;
}

/** Answers its length without the checksum. */
function writeFrame(target: Buffer, start: number, { key, id, bytes }: EncodableRecord): number {
  const keyStart = start + frameHeaderBytes;
  const keyBytes = writeText(target, key, keyStart);
  const idBytes = writeText(target, id, keyStart + keyBytes);
  const bytesStart = keyStart + keyBytes + idBytes;
  target.set(bytes, bytesStart);
  target.writeUInt16BE(keyBytes, start);
  target.writeUInt16BE(idBytes, start + 2);
  return bytesStart + bytes.length - start;
}

/** Keys and ids are short and nearly always ASCII: a loop is then faster than the call into native code. */
function writeText(target: Buffer, text: string, start: number): number {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 0x7f) return target.write(text, start);
    target[start + i] = unit;
  }
  return text.length;
}

const frameSeed = (headerCrc: number, index: number): number => (headerCrc + index) >>> 0;

export interface Segment {
  readonly base: number;
  readonly count: number;
  readonly appendedAt: number;
  /** The record of the number, from 0 on; undefined where it is damaged. Its `bytes` are a view into the segment. */
  readonly record: (index: number) => DecodedRecord | undefined;
}

/**
 * What is stored under the key; undefined where it cannot be told what that is. Up to format 1 each record was stored by itself: it is
 * read as a segment of one.
 */
export function openSegment(storageKey: Buffer, value: Buffer): Segment | undefined {
  const base = storageKey.readUIntBE(6, 6);
  if (value[0] === version) return openFrames(storageKey, value, base);
  const alone = decodeRecord(storageKey, value);
  return alone && { base, count: 1, appendedAt: alone.appendedAt, record: () => alone };
}

function openFrames(storageKey: Buffer, value: Buffer, base: number): Segment | undefined {
  if (value.length < fixedBytes + crcBytes) return undefined;
  const count = value.readUInt16BE(2);
  const headerEnd = fixedBytes + count * lengthBytes;
  if (value.length < headerEnd + crcBytes) return undefined;
  const headerCrc = value.readUInt32BE(headerEnd);
  if (crc32(value.subarray(0, headerEnd), crc32(storageKey)) !== headerCrc) return undefined;
  const ends: number[] = [headerEnd];
  for (let i = 0; i < count; i++) ends.push(ends[i]! + crcBytes + value.readUInt32BE(fixedBytes + i * lengthBytes));
  if (ends[count]! + crcBytes !== value.length) return undefined;
  const appendedAt = value.readUIntBE(4, 6);

  function record(index: number): DecodedRecord | undefined {
    const start = ends[index]! + crcBytes;
    const end = ends[index + 1]!;
    if (crc32(value.subarray(start, end), frameSeed(headerCrc, index)) !== value.readUInt32BE(end)) return undefined;
    const keyStart = start + frameHeaderBytes;
    const keyEnd = keyStart + value.readUInt16BE(start);
    const idEnd = keyEnd + value.readUInt16BE(start + 2);
    return {
      key: value.toString('utf8', keyStart, keyEnd),
      id: value.toString('utf8', keyEnd, idEnd),
      bytes: value.subarray(idEnd, end),
      appendedAt,
    };
  }
  return { base, count, appendedAt, record };
}
