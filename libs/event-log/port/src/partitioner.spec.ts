import { describe, expect, it } from '@jest/globals';
import { partitionOf } from './partitioner.js';

/** With 2^31 partitions the partition is the whole hash without its sign bit. */
const hashOf = (key: string): number => partitionOf(key, 2 ** 31);

describe('the partition of a key', () => {
  it.each([
    ['', 0],
    ['hello', 0x248bfa47],
    ['hello, world', 0x149bbb7f],
    ['The quick brown fox jumps over the lazy dog', 0x2e4ff723],
  ])('comes from the published Murmur3 of %j', (key, hash) => {
    expect(hashOf(key)).toBe(hash & 0x7fffffff);
  });

  it.each([
    ['a', 0x3c2569b2],
    ['aa', 0x371091a9],
    ['aaa', 0xb4d05fb7],
    ['aaaa', 0x7eeed987],
    ['aaaaa', 0xe9ca302b],
    ['abc', 0xb3dd93fa],
  ])('takes every length of tail: %j', (key, hash) => {
    expect(hashOf(key)).toBe(hash & 0x7fffffff);
    expect(partitionOf(key, 7)).toBe(hashOf(key) % 7);
  });

  it('hashes the bytes of UTF-8, not the code units', () => {
    expect(hashOf('ππππππππ')).toBe(0xec72b6e8 & 0x7fffffff);
  });

  it('does not depend on what was hashed before, nor on how long the key is', () => {
    const keys = ['a'.repeat(600), 'player-1', 'ß', 'a'.repeat(511) + 'ß', '', 'player-1', 'a'.repeat(512), 'a'];
    const hashes = keys.map(hashOf);
    expect([...keys].reverse().map(hashOf).reverse()).toEqual(hashes);
    expect(hashes[1]).toBe(hashes[5]);
    expect(new Set(hashes).size).toBe(keys.length - 1);
  });

  it('spreads keys evenly', () => {
    const counts = new Array<number>(8).fill(0);
    for (let i = 0; i < 8_000; i++) counts[partitionOf(`player-${i}`, 8)]!++;
    for (const count of counts) expect(Math.abs(count - 1_000)).toBeLessThan(150);
  });
});
