import { hash, randomFillSync } from 'node:crypto';

const hex = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/**
 * Makes UUIDs version 7, as {@link uuidv7} does, with memory and chance of its own. `fill` overwrites bytes at random. A process has
 * one; a simulator gives one to each of those that it has in one.
 */
export function uuidv7Source(fill: (bytes: Uint8Array) => unknown): (nowMs: number) => string {
  const pool = new Uint8Array(10 * 256);
  let poolOffset = pool.length;
  let lastMs = 0;
  let counter = 0;
  return (nowMs) => {
    if (poolOffset === pool.length) {
      fill(pool);
      poolOffset = 0;
    }
    const random = pool.subarray(poolOffset, (poolOffset += 10));
    if (nowMs > lastMs) {
      lastMs = nowMs;
      counter = ((random[8]! & 0x07) << 8) | random[9]!; // leaves half of the counter's room for the same millisecond
    } else if (++counter > 0xfff) {
      lastMs += 1; // the counter is used up: borrow the next millisecond rather than break the order
      counter = 0;
    }
    return format(lastMs, counter, random);
  };
}

let source = uuidv7Source((bytes) => randomFillSync(bytes));

/** Has {@link uuidv7} ask another source from now on, in all of this thread: for a simulator, whose runs are made of a seed alone. */
export function useUuidv7Source(other: (nowMs: number) => string): void {
  source = other;
}

/**
 * A UUID version 7 (RFC 9562, method 1): 48 bits of milliseconds, a 12-bit counter that rises within one millisecond of
 * one process, 62 random bits. Ids made one after the other sort in that order, so an index over them grows at its end.
 */
export function uuidv7(nowMs: number = Date.now()): string {
  return source(nowMs);
}

/** The time of the id before, as it is written: many ids are made within one millisecond. */
let writtenMs = -1;
let timeWritten = '';

function format(ms: number, counter12: number, random: Uint8Array): string {
  if (ms !== writtenMs) {
    const time = ms.toString(16).padStart(12, '0');
    writtenMs = ms;
    timeWritten = `${time.slice(0, 8)}-${time.slice(8)}`;
  }
  const version = (0x7000 | counter12).toString(16);
  const variant = hex[(random[0]! & 0x3f) | 0x80]! + hex[random[1]!]!;
  const node = hex[random[2]!]! + hex[random[3]!]! + hex[random[4]!]! + hex[random[5]!]! + hex[random[6]!]! + hex[random[7]!]!;
  return `${timeWritten}-${version}-${variant}-${node}`;
}

const uuidv7Shape = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

export const isUuidv7 = (id: string): boolean => uuidv7Shape.test(id);

/** The time within a UUIDv7, in milliseconds since the epoch. */
export const timeOfUuidv7 = (id: string): number => Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);

/**
 * A UUIDv7 that follows from another one and a label: same time, the rest from SHA-256. Deriving it again gives the same
 * id, so whatever is sent a second time after an unknown outcome is recognised as the same.
 */
export function deriveUuidv7(from: string, label: string): string {
  const digest = hash('sha256', `${from}\0${label}`, 'buffer');
  return format(timeOfUuidv7(from), digest.readUInt16BE(8) & 0x0fff, digest);
}

/**
 * An id that names one thing by its natural key, the same in every region without asking anybody:
 * 22 characters of base64url, 128 bits of SHA-256 over the parts.
 */
export function naturalId(...parts: readonly string[]): string {
  let text = '';
  for (const part of parts) text += `${part.length}:${part}`;
  return hash('sha256', text, 'buffer').toString('base64url', 0, 16);
}
