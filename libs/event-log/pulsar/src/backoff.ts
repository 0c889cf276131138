/** Delays that grow from try to try. */
export interface Backoff {
  /** How long to wait before the next try, in ms. */
  readonly next: () => number;
  readonly reset: () => void;
}

const firstMs = 100;
const maxMs = 5_000;

/** Doubles up to 5 s; each delay lies anywhere in its upper half, so that clients cut off together do not come back together. */
export function createBackoff(random: () => number = Math.random): Backoff {
  let tries = 0;
  return {
    next: () => {
      const wholeMs = Math.min(maxMs, firstMs * 2 ** Math.min(tries++, 16));
      return wholeMs / 2 + (random() * wholeMs) / 2;
    },
    reset: () => {
      tries = 0;
    },
  };
}
