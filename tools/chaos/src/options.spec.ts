import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { readOptions } from './options.js';
import type { Scenario } from './scenario.js';

const scenarioOf = (name: string, inShort: boolean): Scenario => ({
  ...{ name, inShort, promise: '', how: '' },
  run: () => Promise.reject(new Error('it is not to be played')),
});
const all = [scenarioOf('kill', true), scenarioOf('clock', false), { ...scenarioOf('ring', false), onRing: true }];

let said: string;

beforeEach(() => {
  said = '';
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said += String(text);
    return true;
  });
  jest.spyOn(process, 'exit').mockImplementation((code) => {
    throw new Error(`exit ${code}`);
  });
});
afterEach(() => void jest.restoreAllMocks());

const read = (...words: readonly string[]) => readOptions(['node', 'chaos', ...words], {}, all);
const namesOf = (...words: readonly string[]) => read(...words).scenarios.map(({ name }) => name);

describe('options of chaos', () => {
  it('choose scenarios', () => {
    expect(namesOf()).toEqual(['kill', 'clock']);
    expect(namesOf('--short')).toEqual(['kill']);
    expect(namesOf('--short', '--only', 'clock')).toEqual(['clock']);
    expect(namesOf('--skip', 'kill')).toEqual(['clock']);
  });

  it('start real servers only where that is asked for, and kill less there', () => {
    expect(namesOf('--ring')).toEqual(['ring']);
    expect([read().kills, read('--short').kills, read('--ring').kills]).toEqual([500, 50, 30]);
    expect(read('--ring', '--kills', '9').kills).toBe(9);
  });

  it.each([
    ['--only kill --skip kill', 'that leaves no scenario to play'],
    ['--short --skip kill', 'that leaves no scenario to play'],
    ['--only typo', '"typo" is none of kill, clock'],
    ['--only ring', '"ring" is played with --ring'],
    ['--skip kill,ring', '"ring" is played with --ring'],
    ['--ring --short', "option '--ring' cannot be used with option '--short'"],
    ['--ring --only kill', "option '--ring' cannot be used with option '--only <scenarios>'"],
    ['--short --record', 'the figures of a short run are not kept'],
    ['--from a.json --json b.json', "option '--from <files>' cannot be used with option '--json <file>'"],
    ['--from a.json --kills 5', "option '--from <files>' cannot be used with option '--kills <n>'"],
    ['--json nosuch/a.json', 'There is no directory'],
    ['--kills 0', 'It must be a whole number from 1'],
    ['--minutes 0', 'It must be a whole number from 1'],
  ])('refuse %s', (words, message) => {
    expect(() => read(...words.split(' '))).toThrow('exit 1');
    expect(said).toContain(message);
  });
});
