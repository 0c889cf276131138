import { describe, expect, it } from '@jest/globals';

import { coalesced } from './coalesced.js';

/** Work whose calls end when they are told to. */
function held() {
  const ends: { readonly resolve: (value: string) => void; readonly reject: (error: Error) => void }[] = [];
  const call = coalesced(() => new Promise<string>((resolve, reject) => void ends.push({ resolve, reject })));
  return { call, ends };
}

describe('work that is coalesced', () => {
  it('is done once for all who call while it is under way, and begun after they have', async () => {
    const { call, ends } = held();
    const [first, second, third] = [call(), call(), call()];
    expect(ends).toHaveLength(1);
    ends[0]!.resolve('one');
    expect(await first).toBe('one');
    await Promise.resolve();
    expect(ends).toHaveLength(2);
    const fourth = call();
    ends[1]!.resolve('two');
    expect(await Promise.all([second, third])).toEqual(['two', 'two']);
    await Promise.resolve();
    ends[2]!.resolve('three');
    expect(await fourth).toBe('three');
    expect(ends).toHaveLength(3);
  });

  it('is begun anew after it failed, and tells only those of it who shared it', async () => {
    const { call, ends } = held();
    const [first, second] = [call(), call()];
    ends[0]!.reject(new Error('away'));
    await expect(first).rejects.toThrow('away');
    await Promise.resolve();
    ends[1]!.resolve('back');
    expect(await second).toBe('back');
  });
});
