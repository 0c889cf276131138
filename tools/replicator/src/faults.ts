import { randomOf } from '@ringside/random';

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
  const random = randomOf(seed);
  // Each fault draws only where it was asked for, so that asking for one does not move the other.
  return { arrivesTwice: () => duplicate > 0 && random.chance(duplicate), isLost: () => drop > 0 && random.chance(drop) };
}
