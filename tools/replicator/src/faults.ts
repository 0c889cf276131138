/** What replication is known to do without telling anybody. For tests of those who must notice, or must not mind. */
export interface ReplicationFaults {
  readonly seed: number;
  /** The share of batches that arrive twice, from 0 to 1. */
  readonly duplicate?: number;
  /** The share of records that never arrive though they were sent, from 0 to 1. */
  readonly drop?: number;
}

/** What becomes of what is sent. */
export interface Fate {
  arrivesTwice(): boolean;
  isLost(): boolean;
}

export const noFaults: Fate = { arrivesTwice: () => false, isLost: () => false };

export function faultsFrom({ seed, duplicate = 0, drop = 0 }: ReplicationFaults): Fate {
  const next = numbersFrom(seed);
  // Each fault draws only where it was asked for, so that asking for one does not move the other.
  return { arrivesTwice: () => duplicate > 0 && next() < duplicate, isLost: () => drop > 0 && next() < drop };
}

/** From 0 on, below 1: mulberry32, by Tommy Ettinger (public domain). */
function numbersFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
