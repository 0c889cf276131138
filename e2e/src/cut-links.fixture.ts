import { setTimeout as pause } from 'node:timers/promises';
import type { Random } from '@ringside/random';

import type { Regions } from './regions.fixture.js';

export interface Cuts {
  /** Directed links that were cut. */
  readonly links: number;
  /** How often everything between a region and the others was cut. */
  readonly regions: number;
  readonly delays: number;
}

/**
 * Cuts links at random moments, one way, both ways, or all of a region, and heals each a moment later; some are slow meanwhile.
 * In the end all are healed, and none is slow.
 */
export async function cutAtRandom(regions: Regions, cuts: number, random: Random): Promise<Cuts> {
  const names = regions.all.map(({ name }) => name);
  const pairs = names.flatMap((from) => names.filter((to) => to !== from).map((to) => [from, to] as const));
  const change = (links: typeof pairs, wish: { readonly state?: 'cut' | 'healed'; readonly delayMs?: number }) =>
    Promise.all(links.map(([from, to]) => regions.changeLink(from, to, wish)));
  const done = { links: 0, regions: 0, delays: 0 };
  const healings: Promise<unknown>[] = [];
  for (let cut = 0; cut < cuts; cut++) {
    const [from, to] = random.pick(pairs);
    const isWhole = random.chance(0.1);
    const isOneWay = random.chance(0.5);
    const links = pairs.filter(([a, b]) =>
      isWhole ? a === from || b === from : (a === from && b === to) || (!isOneWay && a === to && b === from),
    );
    if (random.chance(0.2)) {
      done.delays++;
      await change([random.pick(pairs)], { delayMs: random.below(300) });
    }
    await change(links, { state: 'cut' });
    done.links += links.length;
    if (isWhole) done.regions++;
    healings.push(pause(20 + random.below(1_000)).then(() => change(links, { state: 'healed' })));
    await pause(random.below(200));
  }
  await Promise.all(healings);
  await change(pairs, { state: 'healed', delayMs: 0 });
  return done;
}
