import type { RowKey } from '@ringside/core';

/** Bits of a name that are looked at: where 128 Mbit hold 12 million names, 1 name in 120 that was never added is taken for one of them. */
const hashes = 4;

/**
 * Remembers names of rows in memory that does not grow: one that was added is known for certain, one that was not is so nearly always
 * (Bloom, "Space/Time Trade-offs in Hash Coding with Allowable Errors", 1970).
 */
export class NameFilter {
  private readonly words: Uint32Array;
  private readonly mask: number;

  /** @param bits a power of two, from 32 to 2^32. */
  constructor(bits = 2 ** 27) {
    this.words = new Uint32Array(bits / 32);
    this.mask = bits - 1;
  }

  add(name: RowKey): void {
    this.visit(name, (word, bit) => {
      this.words[word]! |= bit;
      return true;
    });
  }

  mayHave(name: RowKey): boolean {
    return this.visit(name, (word, bit) => (this.words[word]! & bit) !== 0);
  }

  private visit({ table, partition, key }: RowKey, at: (word: number, bit: number) => boolean): boolean {
    const one = hashOf(key, hashOf(partition, hashOf(table, 0x811c9dc5)));
    const other = hashOf(partition, hashOf(key, one)) | 1;
    for (let i = 0; i < hashes; i++) {
      const place = ((one + Math.imul(i, other)) & this.mask) >>> 0;
      if (!at(place >>> 5, 1 << (place & 31))) return false;
    }
    return true;
  }
}

/** FNV-1a over the text's units, with what MurmurHash3 ends with, so that all bits of it depend on all of the text. */
function hashOf(text: string, seed: number): number {
  let hash = seed;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
