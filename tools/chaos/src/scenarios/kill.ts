import { setTimeout as pause } from 'node:timers/promises';

import type { Random } from '@ringside/casework-load';
import type { Scenario } from '../scenario.js';
import type { Victim } from '../services.js';
import { underLoad } from '../under-load.js';

/** Between two kills, in ms: long enough that reports come through, short enough that work is always under way. */
const pauseMsMin = 100;
const pauseMsMax = 1_200;

export const kill: Scenario = {
  name: 'kill',
  promise: 'A process that is killed takes nothing with it that was accepted, and nothing is done twice when it is back.',
  how: 'SIGKILL of any service at random moments, of several at once, and of some while they start.',
  inShort: true,
  run: (surroundings) =>
    underLoad(surroundings, {}, async ({ services: { victims }, accepted }) => {
      const { random, kills, say } = surroundings;
      const killed = new Map<string, number>();
      let sum = 0;
      while (sum < kills) {
        await pause(pauseMsMin + random.below(pauseMsMax - pauseMsMin));
        const chosen = choose(victims, random).slice(0, kills - sum);
        for (const { name } of chosen) killed.set(name, (killed.get(name) ?? 0) + 1);
        const before = Math.floor(sum / 25);
        sum += chosen.length;
        const all = Promise.all(chosen.map((victim) => victim.killUntilBack()));
        // Now and then one is killed again before it is ready.
        if (random.chance(0.1) && sum < kills) {
          await pause(random.below(600));
          const again = chosen[0]!;
          if (again.pid() !== undefined) {
            again.signal('SIGKILL');
            killed.set(again.name, killed.get(again.name)! + 1);
            sum++;
          }
        }
        await all;
        if (Math.floor(sum / 25) > before) say(`${sum} of ${kills} kills, ${accepted()} reports accepted`);
      }
      const slowest = Math.max(...victims.flatMap(({ awayMs }) => awayMs));
      return {
        figures: {
          kills: sum,
          ...Object.fromEntries([...killed].sort().map(([name, count]) => [`of ${name}`, count])),
          'back after, s, at most': (slowest / 1_000).toFixed(1),
        },
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
