import { afterEach, describe, expect, it, jest } from '@jest/globals';

import { readOptions, type Options } from './options.js';

const read = (...args: readonly string[]): Options =>
  readOptions(['node', 'hostile', ...args], { INIT_CWD: '/home' }, ['report-intake', 'platform']);

describe('the options', () => {
  afterEach(() => void jest.restoreAllMocks());

  /** Commander says what is wrong and ends the process. */
  function refused(...args: readonly string[]): string {
    const said: string[] = [];
    jest.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0);
    jest.spyOn(process, 'exit').mockImplementation((code) => {
      throw new Error(`ended with ${String(code)}`);
    });
    expect(() => read(...args)).toThrow('ended with 1');
    return said.join('');
  }

  it('are those of a whole long run where none are given', () => {
    expect(read()).toMatchObject({ short: false, parts: ['fuzz', 'attacks', 'overload'], seed: 7, record: false });
    expect(read('--json', 'a.json').json).toBe('/home/a.json');
  });

  it('take parts and services by their names, and refuse others', () => {
    expect(read('--skip', 'overload', '--services', 'platform')).toMatchObject({
      parts: ['fuzz', 'attacks'],
      services: ['platform'],
    });
    expect(refused('--services', 'typo')).toContain('"typo" is none of report-intake, platform');
    expect(refused('--only', 'typo')).toContain('"typo" is none of fuzz');
  });

  it('leave something to do', () => {
    expect(refused('--only', 'attacks', '--skip', 'attacks')).toContain('leaves nothing');
    expect(refused('--only', 'attacks', '--services', 'platform')).toContain('--services is for fuzz');
    expect(refused('--only', 'attacks', '--seed', '7')).toContain('--seed is for fuzz');
  });

  it('refuse a file that could not be written after the run', () => {
    expect(refused('--json', 'nosuch/a.json')).toContain('There is no directory /home/nosuch.');
  });

  it.each([
    [['--short']],
    [['--skip', 'overload']],
    [['--only', 'fuzz,fuzz,attacks']],
    [['--services', 'report-intake,platform']],
  ])('keep no run that is not whole: %j', (args) => {
    expect(refused('--record', ...args)).toContain('keeps a whole run');
    expect(read('--record').record).toBe(true);
  });
});
