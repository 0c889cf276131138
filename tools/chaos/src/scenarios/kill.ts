import type { Random } from '@ringside/random';

import { killAtRandom, killFigures, type Pace } from '../kill-at-random.js';
import type { Scenario } from '../scenario.js';
import { underLoad } from '../under-load.js';
import type { Victim } from '../victim.js';

/** Between two kills it is long enough for work to get under way, short enough that it always is. All are away at times. */
const pace: Pace = { pauseMsMin: 50, pauseMsMax: 700, awayMax: 3, rest: 0.1, sayEvery: 25 };
const reportsPerSecond = 20;

export const kill: Scenario = {
  name: 'kill',
  promise: 'A process that is killed takes nothing with it that was accepted, and nothing is done twice when it is back.',
  how: 'SIGKILL of any service at random moments, of several at once, and of some while they start.',
  inShort: true,
  run: (surroundings) =>
    underLoad(surroundings, { perSecond: reportsPerSecond }, async ({ services: { victims }, accepted }) => {
      const killed = await killAtRandom({ pace, accepted, choose: (random) => choose(victims, random) }, surroundings);
      return {
        figures: killFigures(killed, victims),
        faults: killed.size === 0 ? ['nothing was killed, so nothing was shown'] : [],
      };
    }),
};

/** Mostly one, at times two, seldom all of them at the same moment. */
function choose(victims: readonly Victim[], random: Random): readonly Victim[] {
  if (random.chance(0.06)) return victims;
  const first = random.pick(victims);
  const second = random.pick(victims);
  return random.chance(0.2) && second !== first ? [first, second] : [first];
}
