import { createHash } from 'node:crypto';

/** A source of numbers in [0, 1). The same seed gives the same ones. */
export type Random = () => number;

/** sfc32, from Chris Doty-Humphrey's PractRand: 128 bits of state, more than a million reports ask of it. */
export function randomOf(seed: string): Random {
  const digest = createHash('sha256').update(seed).digest();
  let a = digest.readInt32LE(0);
  let b = digest.readInt32LE(4);
  let c = digest.readInt32LE(8);
  let counter = digest.readInt32LE(12);
  return () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
}

export const chance = (random: Random, probability: number): boolean => random() < probability;

/** A whole number from `min` to `max`, both included. */
export const between = (random: Random, min: number, max: number): number => min + Math.floor(random() * (max - min + 1));

export function pick<T>(random: Random, items: readonly T[]): T {
  if (items.length === 0) throw new RangeError('There is nothing to pick from.');
  return items[Math.floor(random() * items.length)]!;
}

/** One of the items, each as often as its weight says. */
export function pickWeighted<T extends { readonly weight: number }>(random: Random, items: readonly T[]): T {
  if (items.length === 0) throw new RangeError('There is nothing to pick from.');
  let left = random() * items.reduce((sum, { weight }) => sum + weight, 0);
  for (const item of items) {
    left -= item.weight;
    if (left < 0) return item;
  }
  return items.at(-1)!;
}
