import { describe, expect, it } from '@jest/globals';

import { lastLineOf, withinSeconds } from './within-seconds.js';

describe('withinSeconds', () => {
  it('gives what is there in time', async () => {
    await expect(withinSeconds(60, Promise.resolve('back'), 'it is away')).resolves.toBe('back');
  });

  it('passes on what failed in time', async () => {
    await expect(withinSeconds(60, Promise.reject(new Error('it broke')), 'it is away')).rejects.toThrow('it broke');
  });

  it('does not wait for ever', async () => {
    await expect(withinSeconds(0.01, new Promise(() => undefined), 'it is away')).rejects.toThrow('it is away');
  });
});

describe('lastLineOf', () => {
  it('is what a service logged last', () => {
    const line = JSON.stringify({ level: 'fatal', service: 'team', err: { message: 'disk full' }, msg: 'stopped' });
    expect(lastLineOf(`{"level":"info","msg":"started"}\n${line}\n`)).toBe('fatal stopped err=disk full');
  });

  it('is the line itself where it is no JSON', () => {
    expect(lastLineOf('cannot open\n')).toBe('cannot open');
  });

  it('is none where nothing was logged', () => {
    expect(lastLineOf('')).toBeUndefined();
  });
});
