import { setTimeout as pause } from 'node:timers/promises';

import type { Random } from '@ringside/random';

import type { Surroundings } from './scenario.js';
import type { Killable } from './victim.js';

/** How the kills of a scenario follow one another. */
export interface Pace {
  /** Between two kills, in ms. */
  readonly pauseMsMin: number;
  readonly pauseMsMax: number;
  /** So many may be away at once. */
  readonly awayMax: number;
  /** How likely it is, after a kill, that all come back before the next one. */
  readonly rest: number;
  readonly sayEvery: number;
}

export interface Killing<Victim extends Killable> {
  readonly pace: Pace;
  readonly accepted: () => number;
  /** Whom to kill next, at one moment. */
  readonly choose: (random: Random) => readonly Victim[];
}

/** Kills until there were enough, and waits until all are back. Answers with how often each was killed. */
export async function killAtRandom<Victim extends Killable>(
  { pace, accepted, choose }: Killing<Victim>,
  { random, kills, minutes, say }: Pick<Surroundings, 'random' | 'kills' | 'minutes' | 'say'>,
): Promise<ReadonlyMap<string, number>> {
  const killed = new Map<string, number>();
  const away = new Map<Victim, Promise<void>>();
  const endAt = performance.now() + minutes * 60_000;
  for (let sum = 0; sum < kills && performance.now() < endAt;) {
    await pause(pace.pauseMsMin + random.below(pace.pauseMsMax - pace.pauseMsMin));
    while (away.size >= pace.awayMax) await Promise.race(away.values());
    for (const victim of choose(random).slice(0, kills - sum)) {
      if (victim.pid() === undefined) continue;
      const starting = away.get(victim);
      if (starting === undefined) away.set(victim, killedUntilBack(victim, away));
      else victim.signal('SIGKILL'); // it was on its way back
      killed.set(victim.name, (killed.get(victim.name) ?? 0) + 1);
      sum++;
      if (sum % pace.sayEvery === 0) say(`${sum} of ${kills} kills, ${accepted()} reports accepted`);
    }
    // At times all is well for a moment.
    if (random.chance(pace.rest)) await Promise.all(away.values());
  }
  await Promise.all(away.values());
  return killed;
}

/** One that does not come back stays among those that are away, and ends the scenario where they are awaited. */
function killedUntilBack<Victim extends Killable>(victim: Victim, away: Map<Victim, unknown>): Promise<void> {
  const back = victim.killUntilBack().then(() => void away.delete(victim));
  back.catch(() => undefined);
  return back;
}

/** What is said of the kills of a run, and of how long it took to be back. */
export function killFigures(killed: ReadonlyMap<string, number>, victims: readonly Killable[]) {
  const slowest = Math.max(0, ...victims.flatMap(({ awayMs }) => awayMs));
  return {
    kills: [...killed.values()].reduce((sum, count) => sum + count, 0),
    ...Object.fromEntries([...killed].sort().map(([name, count]) => [`of ${name}`, count])),
    'back after, s, at most': (slowest / 1_000).toFixed(1),
  };
}
