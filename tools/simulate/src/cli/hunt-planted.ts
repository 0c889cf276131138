import { plantedBugs, type PlantedBug } from '../planted/planted.js';
import { playAll } from '../run/pool.js';
import type { Failure, Tally } from '../run/tally.js';

export interface Hunted {
  readonly bug: string;
  readonly what: string;
  readonly withinSeeds: number;
  /** The first seed, counted from 1, in which it caused its fault; undefined where none did. */
  readonly foundAt: number | undefined;
  readonly isFound: boolean;
  /** What was found, or why it does not count. */
  readonly because: string;
}

/** Where a bug caused the fault that it must cause: the failure of the lowest seed that has it. */
export interface Catch {
  readonly seed: number;
  readonly fault: string;
}

/** Whatever else fails, at whatever seed, is no sign that the bug was found. */
export function catchOf({ fault: expected }: Pick<PlantedBug, 'fault'>, failures: readonly Failure[]): Catch | undefined {
  const catches = failures.flatMap(({ options, faults }) => {
    const fault = faults.find((one) => expected.test(one));
    return fault === undefined ? [] : [{ seed: options.seed, fault }];
  });
  return catches.sort((a, b) => a.seed - b.seed)[0];
}

/** A bug is found where it causes its fault in a seed that passes without it. */
export function hunted(
  { name: bug, what, withinSeeds }: Pick<PlantedBug, 'name' | 'what' | 'withinSeeds'>,
  { caught, without, fromSeed }: { readonly caught: Catch | undefined; readonly without: Tally; readonly fromSeed: number },
): Hunted {
  const common = { bug, what, withinSeeds };
  if (caught === undefined)
    return { ...common, foundAt: undefined, isFound: false, because: `It caused its fault in none of ${withinSeeds} seeds.` };
  const foundAt = caught.seed - fromSeed + 1;
  if (without.runs === 1 && without.failures.length === 0) return { ...common, foundAt, isFound: true, because: caught.fault };
  const fault = without.failures[0]?.faults[0] ?? 'it was not played';
  return { ...common, foundAt, isFound: false, because: `Seed ${caught.seed} does not pass without it: ${fault}` };
}

export interface HuntOptions {
  readonly seed: number;
  readonly workers: number;
  /** This one alone. */
  readonly bug?: string;
}

/** Plants each known bug, and plays seeds until it causes its fault in one. */
export async function huntPlanted({ seed: fromSeed, workers, bug: only }: HuntOptions): Promise<readonly Hunted[]> {
  const all: Hunted[] = [];
  for (const bug of plantedBugs.filter(({ name }) => only === undefined || name === only)) {
    const { failures } = await playAll({
      ...{ workers, fromSeed, count: bug.withinSeeds, bug: bug.name },
      isEnough: (tally) => catchOf(bug, tally.failures) !== undefined,
    });
    const caught = catchOf(bug, failures);
    const seed = caught?.seed ?? fromSeed;
    const without = await playAll({ workers: 1, fromSeed: seed, count: 1, isEnough: () => false });
    const one = hunted(bug, { caught, without, fromSeed });
    all.push(one);
    const where = one.foundAt === undefined ? '' : `at seed ${one.foundAt} of at most ${one.withinSeeds}`;
    console.log(
      `${one.bug.padEnd(30)} ${one.isFound ? 'found' : 'not found'} ${where}: ${one.because.split('\n')[0]!.slice(0, 140)}`,
    );
  }
  return all;
}
