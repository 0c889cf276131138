import { describe, expect, it } from '@jest/globals';

import type { Identity } from './identity.js';
import { believedMsMax, knownCallers, type Verified } from './known-callers.js';

const identityOf = (header: string) => ({ sub: header }) as unknown as Identity;

/** A verification that is counted, at a time that the spec sets. */
function counted(expiresIn = 3_600_000) {
  const state = { now: 1_000_000, verified: [] as string[], refuses: false };
  const verify = async (header: string): Promise<Verified> => {
    state.verified.push(header);
    if (state.refuses) throw new Error('refused');
    return { identity: identityOf(header), expiresAt: state.now + expiresIn };
  };
  return { state, ask: knownCallers(verify, () => state.now) };
}

describe('a caller who was verified', () => {
  it('is known for a while without being verified again', async () => {
    const { state, ask } = counted();
    expect(await ask('a')).toEqual(identityOf('a'));
    state.now += believedMsMax - 1;
    expect(await ask('a')).toEqual(identityOf('a'));
    expect(state.verified).toEqual(['a']);
    state.now += 1;
    await ask('a');
    expect(state.verified).toEqual(['a', 'a']);
  });

  it('is known no longer than the token is valid', async () => {
    const { state, ask } = counted(5_000);
    await ask('a');
    state.now += 5_000;
    state.refuses = true;
    await expect(Promise.resolve(ask('a'))).rejects.toThrow('refused');
  });

  it('is not taken for another one', async () => {
    const { state, ask } = counted();
    expect([await ask('a'), await ask('b'), await ask('a')].map(({ sub }) => sub)).toEqual(['a', 'b', 'a']);
    expect(state.verified).toEqual(['a', 'b']);
  });

  it('is refused anew each time, where the answer was a refusal', async () => {
    const { state, ask } = counted();
    state.refuses = true;
    await expect(Promise.resolve(ask('a'))).rejects.toThrow('refused');
    state.refuses = false;
    expect(await ask('a')).toEqual(identityOf('a'));
    expect(state.verified).toHaveLength(2);
  });

  it('is forgotten when there are too many, the first one first', async () => {
    const { state, ask } = counted();
    for (let i = 0; i <= 1_000; i++) await ask(`caller-${i}`);
    state.verified.length = 0;
    await ask('caller-1000');
    await ask('caller-1');
    expect(state.verified).toEqual([]);
    await ask('caller-0');
    expect(state.verified).toEqual(['caller-0']);
  });
});
