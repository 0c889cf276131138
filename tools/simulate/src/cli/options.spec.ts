import { describe, expect, it } from '@jest/globals';
import { Command } from 'commander';

import { commandFor, readOptions } from './options.js';

const read = (line: string) => {
  const command = new Command('simulate').exitOverride().configureOutput({ writeErr: () => undefined });
  return readOptions(['node', 'simulate', ...line.split(' ').filter((part) => part !== '')], {}, command);
};

describe('options', () => {
  it.each([
    ['', { seed: 1, seeds: 500 }],
    ['--seed 7 --seeds 3 --workers 1', { seed: 7, seeds: 3, workers: 1 }],
    ['--planted --bug no-intent', { planted: true, bug: 'no-intent' }],
    ['--trace --seed 3 --faults-max 2', { trace: true, faultsMax: 2 }],
    ['--record --seeds 500', { record: true }],
  ])('are taken: %s', (line, options) => {
    expect(read(line)).toMatchObject(options);
  });

  it.each([
    ['--workers 0', /1 or more/],
    ['--workers 65', /at most 64/],
    ['--seeds 0', /1 or more/],
    ['--seeds 1.5', /whole number/],
    ['--bug typo', /Allowed choices/],
    ['--planted --bug typo', /Allowed choices/],
    ['--regression --bug no-intent', /cannot be used with/],
    ['--regression --record', /cannot be used with/],
    ['--record --bug no-intent', /cannot be used with/],
    ['--record --seeds 499', /500 seeds or more/],
    ['--trace --record', /cannot be used with/],
    ['--trace --seeds 5', /'--trace' cannot be used with option '--seeds <n>'/],
    ['--trace --workers 2', /'--trace' cannot be used with option '--workers <n>'/],
    ['--regression --seed 5', /'--regression' cannot be used with option '--seed <n>'/],
    ['--planted --seeds 5', /'--planted' cannot be used with option '--seeds <n>'/],
    ['--json nosuch/a.json', /There is no directory/],
    ['--faults-max 3', /shorten a run of --trace/],
  ])('that would check less than they say are refused: %s', (line, message) => {
    expect(() => read(line)).toThrow(message);
  });

  it('are part of the command that plays a run again', () => {
    const command = commandFor({ seed: 7, reportsMax: 2, faultsMax: 0 }, 'no-intent');
    expect(command).toBe('npm run simulate -- --trace --seed 7 --bug no-intent --reports-max 2 --faults-max 0');
    expect(read(command.slice(command.indexOf(' --trace')))).toMatchObject({ seed: 7, reportsMax: 2, faultsMax: 0 });
  });
});
