import { describe, expect, it } from '@jest/globals';
import { randomOf } from '@ringside/random';

import { Queue } from './queue.js';

describe('the queue', () => {
  it('gives what is due first, and of what is due at once what came first', () => {
    const random = randomOf(7);
    const queue = new Queue<{ at: number; readonly order: number }>();
    const items = Array.from({ length: 500 }, (_, order) => ({ at: random.below(40), order }));
    for (const item of items) queue.push(item);
    const given = Array.from({ length: 500 }, () => queue.pop()!);
    expect(given).toEqual([...items].sort((a, b) => a.at - b.at || a.order - b.order));
    expect(queue.pop()).toBeUndefined();
  });
});

describe('chance', () => {
  it('is that of its seed', () => {
    const drawn = (seed: number): readonly number[] => {
      const random = randomOf(seed);
      return Array.from({ length: 8 }, () => random.below(1_000));
    };
    expect(drawn(1)).toEqual(drawn(1));
    expect(drawn(1)).not.toEqual(drawn(2));
  });
});
