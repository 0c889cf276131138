import { createHash } from 'node:crypto';

import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';

/** A source of chance: the same seed, asked the same questions, gives the same answers. */
export interface Random {
  /** From 0 on, below 1, in steps of 2⁻³². */
  next(): number;
  /** A whole number from 0 on, below `bound`. */
  below(bound: number): number;
  /** A whole number from one to the other, both included. */
  between(from: number, to: number): number;
  /** Whether what happens so often, from 0 to 1, happens now. */
  chance(probability: number): boolean;
  /** @throws RangeError where there is nothing to pick from */
  pick<T>(items: readonly T[]): T;
  /**
   * One of the items, each as often as its weight says.
   * @throws RangeError where there is nothing to pick from
   */
  pickWeighted<T extends { readonly weight: number }>(items: readonly T[]): T;
  /** The items in another order, each order as likely. */
  shuffled<T>(items: readonly T[]): T[];
  fill(bytes: Uint8Array): void;
}

/** The seed goes through SHA-256, so that what neighbouring seeds give has nothing in common. */
export function randomOf(seed: number | string): Random {
  const digest = createHash('sha256').update(String(seed)).digest();
  const generator = xoroshiro128plusFromState([0, 4, 8, 12].map((at) => digest.readInt32LE(at)));
  const next = (): number => (generator.next() >>> 0) / 2 ** 32;
  const below = (bound: number): number => Math.floor(next() * bound);
  return {
    next,
    below,
    between: (from, to) => from + below(to - from + 1),
    chance: (probability) => next() < probability,
    pick: (items) => {
      if (items.length === 0) throw nothingToPick();
      return items[below(items.length)]!;
    },
    pickWeighted: (items) => {
      if (items.length === 0) throw nothingToPick();
      let left = next() * items.reduce((sum, { weight }) => sum + weight, 0);
      return items.find(({ weight }) => (left -= weight) < 0) ?? items.at(-1)!;
    },
    shuffled: (items) => {
      const all = [...items];
      for (let i = all.length - 1; i > 0; i--) {
        const j = below(i + 1);
        [all[i], all[j]] = [all[j]!, all[i]!];
      }
      return all;
    },
    fill: (bytes) => {
      for (let i = 0; i < bytes.length; i++) bytes[i] = below(256);
    },
  };
}

const nothingToPick = (): RangeError => new RangeError('There is nothing to pick from.');
