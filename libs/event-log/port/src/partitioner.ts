import { keyBytesMax } from './event-log.js';

/**
 * The partition of a key: 32-bit Murmur3 (seed 0) of its UTF-8 bytes, sign bit cleared, modulo the number of partitions.
 * It is what Pulsar's `Murmur3_32Hash` router does, so that a key is in the same partition whichever driver wrote it.
 * Source: Austin Appleby, MurmurHash3 (public domain).
 */
export function partitionOf(key: string, partitions: number): number {
  let hash: number;
  if (isWritten(key)) hash = murmur3(written, key.length);
  else {
    const bytes = Buffer.from(key, 'utf8');
    hash = murmur3(bytes, bytes.length);
  }
  return (hash & 0x7fffffff) % partitions;
}

const written = new Uint8Array(keyBytesMax);

/** Nearly all keys are short and ASCII: a loop is then faster than the call into native code. */
function isWritten(key: string): boolean {
  if (key.length > written.length) return false;
  for (let i = 0; i < key.length; i++) {
    const unit = key.charCodeAt(i);
    if (unit > 0x7f) return false;
    written[i] = unit;
  }
  return true;
}

function murmur3(bytes: Uint8Array, length: number): number {
  const blocks = length & ~3;
  let hash = 0;
  for (let i = 0; i < blocks; i += 4) {
    hash ^= mix(bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24));
    hash = Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64;
  }
  let tail = 0;
  for (let i = length - 1; i >= blocks; i--) tail = (tail << 8) | bytes[i]!;
  if (length > blocks) hash ^= mix(tail);
  hash ^= length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function mix(block: number): number {
  const scaled = Math.imul(block, 0xcc9e2d51);
  return Math.imul((scaled << 15) | (scaled >>> 17), 0x1b873593);
}
