import type { JsonObject } from '@ringside/core';

/*
 * Rows on disk: the timestamp in eight bytes, then the value's JSON text in UTF-8. JSON, not a binary encoding: it is at
 * least as fast here, as Node parses it natively, and it alone gives back every name and text exactly.
 */
const timestampBytes = 8;

export function encodeRow(timestamp: number, text: string): Buffer {
  const bytes = Buffer.allocUnsafe(timestampBytes + Buffer.byteLength(text));
  writeRow(bytes, 0, timestamp, text);
  return bytes;
}

/** No row with this text takes more. */
export const rowBytesMax = (text: string): number => timestampBytes + 3 * text.length;

/** Answers where the row ends. */
export function writeRow(bytes: Buffer, start: number, timestamp: number, text: string): number {
  writeTimestamp(bytes, timestamp, start);
  return start + timestampBytes + bytes.write(text, start + timestampBytes, 'utf8');
}

export function encodeTimestamp(timestamp: number): Buffer {
  const bytes = Buffer.allocUnsafe(timestampBytes);
  writeTimestamp(bytes, timestamp);
  return bytes;
}

/** Takes what LMDB hands out, which need not be a Buffer: a large value is a piece of its memory map. */
export function timestampOf(bytes: Uint8Array): number {
  const high = ((bytes[0]! << 24) | (bytes[1]! << 16) | (bytes[2]! << 8) | bytes[3]!) >>> 0;
  const low = ((bytes[4]! << 24) | (bytes[5]! << 16) | (bytes[6]! << 8) | bytes[7]!) >>> 0;
  return high * 2 ** 32 + low;
}

export function valueOf(bytes: Uint8Array): JsonObject {
  return parseJson(bytes, timestampBytes);
}

export function parseJson<T = JsonObject>(bytes: Uint8Array, start = 0): T {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, bytes.length - start).toString('utf8');
  return JSON.parse(text) as T;
}

function writeTimestamp(bytes: Buffer, timestamp: number, start = 0): void {
  bytes.writeUInt32BE(Math.floor(timestamp / 2 ** 32), start);
  bytes.writeUInt32BE(timestamp >>> 0, start + 4);
}
