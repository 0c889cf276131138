import type { Choose } from './world.fixture.js';

/** mulberry32 */
export function seeded(seed: number): Choose {
  let state = seed;
  return (options) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4_294_967_296) * options);
  };
}
