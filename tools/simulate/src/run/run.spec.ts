import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const child = fileURLToPath(new URL('./run-seeds.child.ts', import.meta.url));
const loader = new URL('../../../typescript-sources.mjs', import.meta.url).href;

interface Outcome {
  readonly seed: number;
  readonly hash: number;
  readonly steps: number;
  readonly faults: readonly string[];
}

/** In a process of its own, whose clock and timers can be replaced. */
async function played(bug: string, ...seeds: readonly number[]): Promise<readonly Outcome[]> {
  const execArgv = ['--import', loader, '--conditions=@ringside/source', '--disable-warning=ExperimentalWarning'];
  const process = fork(child, [bug, ...seeds.map(String)], { execArgv });
  const [outcomes] = (await once(process, 'message')) as [readonly Outcome[]];
  return outcomes;
}

const waitMs = 400_000;

describe('a run', () => {
  it(
    'goes the same way whenever its seed is played, whatever was played before it',
    async () => {
      const [inOrder, otherwise] = await Promise.all([played('none', 3, 5, 8), played('none', 8, 3, 5)]);
      const bySeed = new Map(otherwise.map((outcome) => [outcome.seed, outcome]));
      for (const outcome of inOrder) expect(outcome).toEqual(bySeed.get(outcome.seed));
      expect(new Set(inOrder.map(({ hash }) => hash)).size).toBe(3);
      for (const { steps, faults } of inOrder) expect([steps > 100, faults]).toEqual([true, []]);
    },
    waitMs,
  );

  it(
    'fails where a bug is planted',
    async () => {
      const outcomes = await played('forgets-duplicates', ...Array.from({ length: 16 }, (_, i) => i + 1));
      expect(outcomes.flatMap(({ faults }) => faults).join()).toMatch(/2 times/);
    },
    waitMs,
  );
});
