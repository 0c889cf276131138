import { describe, expect, it } from '@jest/globals';

import { cleanRounds, judgedRounds, type CleanContext } from './clean-rounds.js';
import type { CpuReading } from './foreign-load.js';

/** Rounds of one second, during which others take what is given, and the bench a whole core. */
function observing(foreign: readonly number[], repeatsMax: number, hasTime = () => true) {
  const said: string[] = [];
  let [reading, calls, machine, own] = [0, 0, 0, 0];
  const read = (): CpuReading => {
    const at = reading++;
    if (at % 2 === 1) [machine, own] = [machine + 1 + foreign[(at - 1) / 2]!, own + 1];
    return { atMs: at * 1_000, machine, own };
  };
  const context: CleanContext = { repeatsMax, hasTime, ownProcesses: [], say: (line) => said.push(line) };
  const observe = cleanRounds(context, read);
  return { said, observe: () => observe(async () => ++calls), calls: () => calls };
}

describe('a round', () => {
  it('that is clean is not repeated', async () => {
    const { observe, said } = observing([0.2], 5);
    expect(await observe()).toEqual({ result: 1, foreignCores: expect.closeTo(0.2) });
    expect(said).toEqual([]);
  });

  it('during which others took too much is repeated until it is clean, and that is said', async () => {
    const { observe, said } = observing([1.5, 0.5, 0.1], 5);
    expect(await observe()).toEqual({ result: 3, foreignCores: expect.closeTo(0.1) });
    expect(said).toHaveLength(2);
    expect(said[0]).toContain('1.50 cores');
  });

  it('is not repeated once the run has no time left', async () => {
    const { observe } = observing([1.5, 0], 5, () => false);
    expect(await observe()).toEqual({ result: 1, foreignCores: expect.closeTo(1.5) });
  });

  it('is repeated only so often in a row of rounds, and then its least disturbed try counts', async () => {
    const { observe, calls } = observing([0.9, 0.5, 0.7, 0.8], 2);
    expect(await observe()).toEqual({ result: 2, foreignCores: expect.closeTo(0.5) });
    expect(await observe()).toEqual({ result: 4, foreignCores: expect.closeTo(0.8) });
    expect(calls()).toBe(4);
  });
});

describe('the rounds that are judged', () => {
  const rounds = (...cores: readonly number[]) => cores.map((foreignCores) => ({ foreignCores }));

  it('are the clean ones where there are five', () => {
    expect(judgedRounds(rounds(0, 2, 0.1, 0.2, 0.3, 1, 0))).toEqual(rounds(0, 0.1, 0.2, 0.3, 0));
  });

  it('are all where fewer are clean', () => {
    expect(judgedRounds(rounds(0, 2, 0.1, 0.2, 0.3, 1))).toHaveLength(6);
    expect(judgedRounds(rounds(2, 0, 0))).toHaveLength(3);
  });
});
