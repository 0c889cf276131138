import { describe, expect, it } from '@jest/globals';

import { busySeconds, foreignCores, isClean, processTimes, readCpu, secondsOfTrees } from './foreign-load.js';

describe('what other processes took', () => {
  const before = { atMs: 1_000, machine: 50, own: 20 };

  it('is what the machine did beyond the bench and its children, in cores', () => {
    expect(foreignCores(before, { atMs: 11_000, machine: 65, own: 30 })).toBeCloseTo(0.5);
  });

  it('is never less than nothing, as the steps of two clocks would have it', () => {
    expect(foreignCores(before, { atMs: 2_000, machine: 50.99, own: 21 })).toBe(0);
    expect(foreignCores(before, { ...before, machine: 51 })).toBe(0);
  });

  it('makes a round unclean above a third of a core', () => {
    expect([0, 0.33, 1 / 3, 0.34, 2].map(isClean)).toEqual([true, true, true, false, false]);
  });
});

describe('the time of processes', () => {
  it('counts whatever the processors did but idle and waiting for a disk', () => {
    const stat = 'cpu  100 20 300 9999 8888 4 50 600 77 7\ncpu0 1 1 1 1 1 1 1 1 1 1\n';
    expect(busySeconds(stat)).toBeCloseTo(10.74); // guest time is in user's already
  });

  it('is read past a name with blanks and parentheses, with that of children that ended', () => {
    const stat = `4711 (a (b) c) S 12 1 1 0 -1 4194304 9 9 9 9 100 20 3 4 20 0 1 0 99`;
    expect(processTimes(stat)).toEqual({ pid: 4711, parent: 12, seconds: 1.27 });
  });

  it('of a tree is that of whoever descends from its roots, however deep and in whatever order', () => {
    const processes = [
      { pid: 9, parent: 5, seconds: 16 },
      { pid: 1, parent: 0, seconds: 1 },
      { pid: 5, parent: 3, seconds: 8 },
      { pid: 3, parent: 1, seconds: 4 },
      { pid: 7, parent: 1, seconds: 2 },
    ];
    expect(secondsOfTrees(processes, [3])).toBe(28);
    expect(secondsOfTrees(processes, [5, 7])).toBe(26);
    expect(secondsOfTrees(processes, [1])).toBe(31);
    expect(secondsOfTrees(processes, [99])).toBe(0);
  });

  it('finds this process on this machine', () => {
    const { own, machine } = readCpu([process.pid]);
    expect(own).toBeGreaterThan(0);
    expect(machine).toBeGreaterThan(own);
  });
});
