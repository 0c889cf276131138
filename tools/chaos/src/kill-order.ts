import type { Random } from '@ringside/random';

import type { Killable } from './victim.js';

/** Each server is one victim in so many, and the services are the others. */
const killsPerServerKill = 6;

interface Victims {
  readonly servers: readonly Killable[];
  readonly services: readonly Killable[];
  readonly kills: number;
}

/** Whom to kill one after the other, so that each server is among them often enough, whatever the seed. */
export function orderOf({ servers, services, kills }: Victims, random: Random): { next(): readonly Killable[] } {
  const waiting: Killable[] = [];
  const fill = (): void => {
    const ofEach = Math.max(1, Math.floor(kills / killsPerServerKill));
    const round = servers.flatMap((server) => Array.from({ length: ofEach }, () => server));
    while (round.length < kills) round.push(random.pick(services));
    waiting.push(...random.shuffled(round));
  };
  return {
    next() {
      if (waiting.length === 0) fill();
      // At times two at the same moment, seldom more: both servers too.
      const together = random.chance(0.25) ? (random.chance(0.2) ? 4 : 2) : 1;
      return [...new Set(waiting.splice(0, together))];
    },
  };
}
