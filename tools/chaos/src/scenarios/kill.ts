import { setTimeout as pause } from 'node:timers/promises';
import type { Random } from '@ringside/random';

import type { Scenario, Surroundings } from '../scenario.js';
import type { Victim } from '../victim.js';
import { underLoad, type Stage } from '../under-load.js';

/** Between two kills, in ms: long enough that work gets under way, short enough that it always is. */
const pauseMsMin = 50;
const pauseMsMax = 700;
const reportsPerSecond = 20;
/** So many may be away at once; all of them at times. */
const awayMax = 3;
const sayEvery = 25;

export const kill: Scenario = {
  name: 'kill',
  promise: 'A process that is killed takes nothing with it that was accepted, and nothing is done twice when it is back.',
  how: 'SIGKILL of any service at random moments, of several at once, and of some while they start.',
  inShort: true,
  run: (surroundings) =>
    underLoad(surroundings, { perSecond: reportsPerSecond }, async (stage) => {
      const killed = await killAtRandom(stage, surroundings);
      const slowest = Math.max(0, ...stage.services.victims.flatMap(({ awayMs }) => awayMs));
      const kills = [...killed.values()].reduce((sum, count) => sum + count, 0);
      return {
        figures: {
          kills,
          ...Object.fromEntries([...killed].sort().map(([name, count]) => [`of ${name}`, count])),
          'back after, s, at most': (slowest / 1_000).toFixed(1),
        },
        faults: kills === 0 ? ['nothing was killed, so nothing was shown'] : [],
      };
    }),
};

/** Answers with how often each was killed. */
async function killAtRandom(
  { services: { victims }, accepted }: Stage,
  surroundings: Surroundings,
): Promise<ReadonlyMap<string, number>> {
  const { random, kills, minutes, say } = surroundings;
  const killed = new Map<string, number>();
  const away = new Map<Victim, Promise<void>>();
  const endAt = performance.now() + minutes * 60_000;
  for (let sum = 0; sum < kills && performance.now() < endAt;) {
    await pause(pauseMsMin + random.below(pauseMsMax - pauseMsMin));
    while (away.size >= awayMax) await Promise.race(away.values());
    for (const victim of choose(victims, random).slice(0, kills - sum)) {
      if (victim.pid() === undefined) continue;
      const starting = away.get(victim);
      if (starting === undefined) away.set(victim, killedUntilBack(victim, away));
      else victim.signal('SIGKILL'); // it was on its way back
      killed.set(victim.name, (killed.get(victim.name) ?? 0) + 1);
      sum++;
      if (sum % sayEvery === 0) say(`${sum} of ${kills} kills, ${accepted()} reports accepted`);
    }
    // At times all is well for a moment.
    if (random.chance(0.1)) await Promise.all(away.values());
  }
  await Promise.all(away.values());
  return killed;
}

/** One that does not come back stays among those that are away, and ends the scenario where they are awaited. */
function killedUntilBack(victim: Victim, away: Map<Victim, unknown>): Promise<void> {
  const back = victim.killUntilBack().then(() => void away.delete(victim));
  back.catch(() => undefined);
  return back;
}

/** Mostly one, at times two, seldom all of them at the same moment. */
function choose(victims: readonly Victim[], random: Random): readonly Victim[] {
  if (random.chance(0.06)) return victims;
  const first = random.pick(victims);
  const second = random.pick(victims);
  return random.chance(0.2) && second !== first ? [first, second] : [first];
}
