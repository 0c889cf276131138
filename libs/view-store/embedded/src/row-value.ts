import { crc32 } from 'node:zlib';

import type { JsonObject } from '@ringside/core';

import { damagedValue } from './damaged-value.js';

/*
 * Values on disk end with the CRC-32 of their storage key and of all that stands before it, as LMDB has no checksums of its own: so what
 * a disk has changed is found, and a value in a wrong place as well. The highest bit of the first byte says that it is there; values of
 * older versions are without.
 *
 * - A row: the timestamp in eight bytes, then the value's JSON text in UTF-8. JSON, not a binary encoding: it is at least as fast here,
 *   as Node parses it natively, and it alone gives back every name and text exactly.
 * - A number: the same without text.
 * - Anything else: one byte for the mark, then JSON.
 */
const timestampBytes = 8;
const markBytes = 1;
const crcBytes = 4;
const mark = 0x80;

export function encodeRow(key: Uint8Array, timestamp: number, text: string): Buffer {
  const bytes = Buffer.allocUnsafe(timestampBytes + Buffer.byteLength(text) + crcBytes);
  writeTimestamp(bytes, timestamp);
  bytes.write(text, timestampBytes, 'utf8');
  return sealed(key, bytes);
}

/** No row with this text takes more. */
export const rowBytesMax = (text: string): number => timestampBytes + 3 * text.length + crcBytes;

/** Where the key of a row stands in the same buffer. */
export interface KeyPlace {
  readonly start: number;
  readonly end: number;
}

/** Writes the row right behind its key. Answers where it ends. */
export function writeRow(bytes: Buffer, key: KeyPlace, timestamp: number, text: string): number {
  writeTimestamp(bytes, timestamp, key.end);
  bytes[key.end]! |= mark;
  const end = key.end + timestampBytes + bytes.write(text, key.end + timestampBytes, 'utf8');
  return bytes.writeUInt32BE(crc32(bytes.subarray(key.start, end)), end);
}

export function encodeNumber(key: Uint8Array, number: number): Buffer {
  const bytes = Buffer.allocUnsafe(timestampBytes + crcBytes);
  writeTimestamp(bytes, number);
  return sealed(key, bytes);
}

/** Throws `DamagedValueError`. */
export function numberOf(key: Uint8Array, bytes: Uint8Array): number {
  if (checkedEnd(key, bytes) !== timestampBytes) throw damagedValue(key);
  return timestampOf(bytes);
}

/** Takes what LMDB hands out, which need not be a Buffer: a large value is a piece of its memory map. Checks nothing. */
export function timestampOf(bytes: Uint8Array): number {
  const high = (((bytes[0]! & ~mark) << 24) | (bytes[1]! << 16) | (bytes[2]! << 8) | bytes[3]!) >>> 0;
  const low = ((bytes[4]! << 24) | (bytes[5]! << 16) | (bytes[6]! << 8) | bytes[7]!) >>> 0;
  return high * 2 ** 32 + low;
}

/** The value of a row. Throws `DamagedValueError`. */
export const valueOf = (key: Uint8Array, bytes: Uint8Array): JsonObject => parse(key, bytes, timestampBytes);

export function encodeJson(key: Uint8Array, text: string): Buffer {
  const bytes = Buffer.allocUnsafe(markBytes + Buffer.byteLength(text) + crcBytes);
  bytes[0] = 0;
  bytes.write(text, markBytes, 'utf8');
  return sealed(key, bytes);
}

/** Throws `DamagedValueError`. */
export const jsonOf = <T>(key: Uint8Array, bytes: Uint8Array): T => parse(key, bytes, isMarked(bytes) ? markBytes : 0);

/** Whether two rows have the same timestamp and the same text: as bytes, with or without a checksum, which is not looked at. */
export function isSameRow(a: Buffer, b: Buffer): boolean {
  if (isMarked(a) === isMarked(b)) return a.equals(b);
  const text = (bytes: Buffer): Buffer => bytes.subarray(timestampBytes, bytes.length - (isMarked(bytes) ? crcBytes : 0));
  return timestampOf(a) === timestampOf(b) && text(a).equals(text(b));
}

const isMarked = (bytes: Uint8Array): boolean => (bytes[0]! & mark) !== 0;

function parse<T>(key: Uint8Array, bytes: Uint8Array, start: number): T {
  const end = checkedEnd(key, bytes);
  try {
    return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8')) as T;
  } catch {
    throw damagedValue(key); // one of an older version, or its mark was damaged
  }
}

/** Where the checksum begins that holds; the end where there is none. */
function checkedEnd(key: Uint8Array, bytes: Uint8Array): number {
  if (!isMarked(bytes)) return bytes.length;
  const end = bytes.length - crcBytes;
  if (end < markBytes || crc32(bytes.subarray(0, end), crc32(key)) !== uint32At(bytes, end)) throw damagedValue(key);
  return end;
}

const uint32At = (bytes: Uint8Array, at: number): number =>
  ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;

/** Takes bytes that have room for the checksum at their end. */
function sealed(key: Uint8Array, bytes: Buffer): Buffer {
  const end = bytes.length - crcBytes;
  bytes[0]! |= mark;
  bytes.writeUInt32BE(crc32(bytes.subarray(0, end), crc32(key)), end);
  return bytes;
}

function writeTimestamp(bytes: Buffer, timestamp: number, start = 0): void {
  bytes.writeUInt32BE(Math.floor(timestamp / 2 ** 32), start);
  bytes.writeUInt32BE(timestamp >>> 0, start + 4);
}
