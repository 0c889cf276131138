import { afterEach, describe, expect, it, jest } from '@jest/globals';

import { chosenOf, readOptions, type Options } from './options.js';

const there = {
  rows: [
    { name: 'append', title: 'appended' },
    { name: 'growth', title: 'grown', atSizes: true },
  ],
  rowsWithPeers: [{ name: 'peer-append', title: 'appended beside others' }],
  rowsOnRing: [{ name: 'ring-append', title: 'appended to servers' }],
};
const read = (...args: readonly string[]): Options => readOptions(['node', 'bench', ...args], { INIT_CWD: '/home' }, there);

const chosen = (...args: readonly string[]): readonly string[] => chosenOf(read(...args), there).map(({ name }) => name);

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

  it('are those of a full run where none are given: five rounds, up to five million reports', () => {
    expect(read()).toEqual({
      quick: false,
      peers: false,
      record: false,
      rounds: 5,
      sizes: [10_000, 100_000, 1_000_000, 5_000_000],
      sizesAreAsked: false,
    });
  });

  it('make a quick run small', () => {
    expect(read('--quick')).toMatchObject({ quick: true, rounds: 2, sizes: [1_000, 5_000] });
    expect(read('--quick', '--rounds', '1')).toMatchObject({ rounds: 1 });
  });

  it('take sizes in thousands and millions, and know that they were asked for', () => {
    expect(read('--sizes', '2500,10k,1M')).toMatchObject({ sizes: [2_500, 10_000, 1_000_000], sizesAreAsked: true });
  });

  it.each(['10k,5k', '10k,10k', '999', '21m', 'ten', '10k,', '1.5m'])('refuse the sizes %s', (sizes) => {
    expect(refused('--sizes', sizes)).toContain('They must rise');
  });

  it('take rows by their names, and refuse others', () => {
    expect(chosen('--only', 'growth', '--only', 'append')).toEqual(['append', 'growth']);
    expect(refused('--only', 'reckless')).toContain('append, growth, peer-append, ring-append');
  });

  it('take the rows beside peers and on servers only where these are asked for, also by their names', () => {
    expect(chosen()).toEqual(['append', 'growth']);
    expect(chosen('--peers')).toEqual(['peer-append']);
    expect(chosen('--ring', '--peers')).toEqual(['peer-append', 'ring-append']);
    expect(chosen('--peers', '--only', 'peer-append')).toEqual(['peer-append']);
    expect(chosen('--ring', '--only', 'ring-append', '--only', 'append')).toEqual(['append', 'ring-append']);
    expect(refused('--only', 'peer-append')).toContain('say --peers');
    expect(refused('--peers', '--only', 'append', '--only', 'ring-append')).toContain('say --ring');
  });

  it.each([
    [['--peers', '--only', 'append'], '--peers is for rows that --only leaves out'],
    [['--ring', '--only', 'append'], '--ring is for rows that --only leaves out'],
    [['--sites', 'sites', '--only', 'append'], '--sites is for rows that are left out: growth'],
    [['--sizes', '10k', '--peers'], '--sizes is for rows that are left out: growth'],
    [['--from', 'a.json', '--only', 'append'], "'--from <file>' cannot be used with option '--only <row>'"],
  ])('refuse what would have no effect: %j', (args, fault) => {
    expect(refused(...args)).toContain(fault);
  });

  it('name files where the user is, and refuse those that could not be written after the run', () => {
    expect(read('--json', 'a.json', '--sites', 'b')).toMatchObject({ json: '/home/a.json', sites: '/home/b' });
    expect(refused('--json', 'nosuch/a.json')).toContain('There is no directory /home/nosuch.');
    expect(refused('--html', 'nosuch/a.html')).toContain('There is no directory /home/nosuch.');
  });

  it('find the servers in their usual directory, or where they are said to be', () => {
    expect(read('--ring').ring).toBe('data/ring');
    expect(read('--ring', 'elsewhere').ring).toBe('elsewhere');
    expect(read().ring).toBeUndefined();
  });

  it('keep no run that is quick, short or disturbed by profiles', () => {
    expect(refused('--quick', '--record')).toContain('is not kept');
    expect(refused('--rounds', '4', '--record')).toContain('is not kept');
    expect(refused('--profile', 'profiles', '--record')).toContain('is not kept');
    expect(read('--record').record).toBe(true);
  });
});
