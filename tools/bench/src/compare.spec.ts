import { describe, expect, it } from '@jest/globals';

import { compare, compareAll, type Contender, type FloorContest } from './compare.js';
import type { Measurement } from './measurement.js';

const took = (seconds: number, cpuSeconds = 0.1): Measurement => ({ events: 100, seconds, cpuSeconds });
const context = { rounds: 3, repeatsMax: 0, hasTime: () => true, ownProcesses: [], say: () => undefined };

function contest(calls: string[], subjectSeconds: readonly number[]): FloorContest {
  const times = [...subjectSeconds];
  return {
    floorIs: 'floor',
    subjectIs: 'subject',
    aimRatioMin: 0.5,
    floor: async () => {
      calls.push('floor');
      return took(1, 0.05);
    },
    subject: async () => {
      calls.push('subject');
      return took(times.shift()!);
    },
  };
}

describe('compare', () => {
  it('alternates who is first, one at a time', async () => {
    const calls: string[] = [];
    const { rounds } = await compare(contest(calls, [2, 2, 2]), context);
    expect(calls).toEqual(['floor', 'subject', 'subject', 'floor', 'floor', 'subject']);
    expect(rounds.map(({ order }) => order[0])).toEqual(['bare', 'ringside', 'bare']);
    const seconds = rounds.map(({ measurements }) => [measurements['bare']!.seconds, measurements['ringside']!.seconds]);
    expect(seconds).toEqual([
      [1, 2],
      [1, 2],
      [1, 2],
    ]);
  });

  it('takes the median of the ratios of each round, subject by floor, and of the processor time, floor by subject', async () => {
    const { others } = await compare(contest([], [2, 4, 1]), context);
    expect(others).toMatchObject([
      { name: 'bare', role: 'floor', durability: 'flushed', ratio: { median: 0.5, min: 0.25, max: 1 } },
    ]);
    expect(others[0]!.cpuRatio).toEqual({ median: 0.5, min: 0.5, max: 0.5 });
  });

  it('fails with the round that fails', async () => {
    const failing = { ...contest([], []), subject: () => Promise.reject(new Error('wrong count')) };
    await expect(compare(failing, context)).rejects.toThrow('wrong count');
  });
});

describe('compareAll', () => {
  const contender = (name: string, seconds: number, calls: string[]): Contender => ({
    name,
    role: 'peer',
    is: name,
    durability: 'flushed later',
    run: async () => {
      calls.push(name);
      return took(seconds);
    },
  });

  it('lets each of several be first in turn, and compares the subject with each', async () => {
    const calls: string[] = [];
    const [a, b] = [contender('a', 4, calls), contender('b', 0.5, calls)];
    const { subject } = contest(calls, [1, 1, 1]);
    const { others, rounds } = await compareAll({ subjectIs: 's', subject, others: [a, b] }, context);
    expect(calls.join(' ')).toBe('a b subject b subject a subject a b');
    expect(rounds.map(({ order }) => order[0])).toEqual(['a', 'b', 'ringside']);
    expect(others.map(({ name, durability, ratio }) => [name, durability, ratio.median])).toEqual([
      ['a', 'flushed later', 4],
      ['b', 'flushed later', 0.5],
    ]);
  });
});
