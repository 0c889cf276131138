import { plantedBugs } from '../planted/planted.js';
import { playAll } from '../run/pool.js';

export interface Hunted {
  readonly bug: string;
  readonly what: string;
  readonly withinSeeds: number;
  /** The first seed, counted from 1, that found it; undefined where none did. */
  readonly foundAt: number | undefined;
  readonly isFound: boolean;
}

/** Plants each known bug, and plays seeds until one fails. */
export async function huntPlanted(
  policyPath: string,
  { seed: fromSeed, workers, bug }: { readonly seed: number; readonly workers: number; readonly bug?: string },
): Promise<readonly Hunted[]> {
  const hunted: Hunted[] = [];
  for (const { name, what, withinSeeds } of plantedBugs) {
    if (bug !== undefined && bug !== name) continue;
    const { failures } = await playAll({ policyPath, workers, fromSeed, count: withinSeeds, bug: name, failuresMax: 1 });
    const seeds = failures.map(({ options }) => options.seed - fromSeed + 1);
    const foundAt = seeds.length === 0 ? undefined : Math.min(...seeds);
    hunted.push({ bug: name, what, withinSeeds, foundAt, isFound: foundAt !== undefined });
    const found =
      foundAt === undefined ? `not found within ${withinSeeds} seeds` : `found at seed ${foundAt} of at most ${withinSeeds}`;
    console.log(`${name.padEnd(30)} ${found.padEnd(36)} ${failures[0]?.faults[0]?.slice(0, 140) ?? ''}`);
  }
  return hunted;
}
