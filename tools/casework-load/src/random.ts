/** Numbers that a seed makes: mulberry32, by Tommy Ettinger (public domain). */
export interface Random {
  /** From 0 on, below 1. */
  next(): number;
  /** From 0 on, below `count`. */
  below(count: number): number;
  pick<T>(from: readonly T[]): T;
  chance(of: number): boolean;
}

export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (count: number): number => Math.floor(next() * count);
  return { next, below, pick: (from) => from[below(from.length)]!, chance: (of) => next() < of };
}
