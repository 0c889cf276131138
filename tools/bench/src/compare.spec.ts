import { describe, expect, it } from '@jest/globals';

import { compare, type Contest } from './compare.js';
import type { Measurement } from './measurement.js';

const took = (seconds: number): Measurement => ({ events: 100, seconds, cpuSeconds: 0.1 });
const quiet = { say: () => undefined };

function contest(calls: string[], subjectSeconds: readonly number[]): Contest {
  const times = [...subjectSeconds];
  return {
    floorIs: 'floor',
    subjectIs: 'subject',
    aimRatioMin: 0.5,
    floor: async () => {
      calls.push('floor');
      return took(1);
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
    const { rounds } = await compare(contest(calls, [2, 2, 2]), { rounds: 3, ...quiet });
    expect(calls).toEqual(['floor', 'subject', 'subject', 'floor', 'floor', 'subject']);
    expect(rounds.map(({ first }) => first)).toEqual(['floor', 'subject', 'floor']);
    expect(rounds.every(({ floor, subject }) => floor.seconds === 1 && subject.seconds === 2)).toBe(true);
  });

  it('takes the median of the ratios of each round, subject by floor', async () => {
    const { ratio } = await compare(contest([], [2, 4, 1]), { rounds: 3, ...quiet });
    expect(ratio).toEqual({ median: 0.5, min: 0.25, max: 1 });
  });

  it('fails with the round that fails', async () => {
    const failing = { ...contest([], []), subject: () => Promise.reject(new Error('wrong count')) };
    await expect(compare(failing, { rounds: 3, ...quiet })).rejects.toThrow('wrong count');
  });
});
