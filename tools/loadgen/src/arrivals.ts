import { randomOf } from '@ringside/random';

/** Reports per second, or as fast as the connections allow. */
export type Rate = number | 'max';

/** Published means: of a console network, and of a very large game. */
export const ratePresets: Readonly<Record<string, number>> = { console: 2, large: 93 };

const burstFactor = 10;
const burstFromSecond = 5;
const burstEverySeconds = 60;

export interface ArrivalOptions {
  readonly seed: string;
  readonly perSecond: number;
  /** From the fifth second of each minute on, ten times the rate for this many seconds; 0 for an even rate. */
  readonly burstSeconds: number;
}

/** When requests are due, in ms since the start: independent of each other, as those of many players are (a Poisson process). */
export function* arrivals({ seed, perSecond, burstSeconds }: ArrivalOptions): Generator<number, never, void> {
  const random = randomOf(`${seed}/arrivals`);
  for (let dueMs = 0; ;) {
    const second = (dueMs / 1_000) % burstEverySeconds;
    const inBurst = second >= burstFromSecond && second < burstFromSecond + burstSeconds;
    dueMs += (-Math.log(1 - random.next()) * 1_000) / (perSecond * (inBurst ? burstFactor : 1));
    yield dueMs;
  }
}
