import { describe, expect, it } from '@jest/globals';

import { concurrently } from './concurrently.js';

describe('work on many items', () => {
  it('is bounded, and answers come in order', async () => {
    let now = 0;
    let most = 0;
    const items = Array.from({ length: 500 }, (_, i) => i);
    const answers = await concurrently(items, 7, async (item) => {
      most = Math.max(most, ++now);
      for (let turn = 0; turn <= item % 5; turn++) await new Promise((resolve) => setImmediate(resolve));
      now--;
      return item * 2;
    });
    expect(answers).toEqual(items.map((item) => item * 2));
    expect(most).toBe(7);
  });

  it('begins nothing after a failure, and rejects with it when all has ended', async () => {
    let begun = 0;
    let ended = 0;
    const calling = concurrently(Array.from({ length: 1000 }), 100, async () => {
      const mine = ++begun;
      await new Promise((resolve) => setImmediate(resolve));
      ended++;
      if (mine === 3) throw new Error('third');
    });
    await expect(calling).rejects.toThrow('third');
    expect(begun).toBeLessThan(1000);
    expect(ended).toBe(begun);
  });
});
