import { describe, expect, it } from '@jest/globals';

import { commandOf, readRun, recordOf, whyNotKept, type Run } from './run.js';

const scenario = { name: 'kill', promise: 'Nothing is lost.', how: 'Kills.' };
const run: Run = {
  ...{ command: 'npm run chaos -- --only kill', at: '2026-11-20T08:00:00.000Z', machine: 'Node 20, 2 × Any' },
  ...{ seed: 7, short: false, seconds: 60 },
  results: [{ scenario, outcome: { figures: { kills: 5 }, faults: [] }, seconds: 60, kept: undefined }],
};
const skipped: Run = { ...run, results: [{ scenario, outcome: { skipped: 'no disk' }, seconds: 0, kept: undefined }] };

describe('commandOf', () => {
  it('is what was typed, without where it was written', () => {
    expect(commandOf([])).toBe('npm run chaos');
    expect(commandOf(['--json', 'all.json', '--seed', '7', '--record'])).toBe('npm run chaos -- --seed 7');
    expect(commandOf(['--kills=9', '--json=all.json'])).toBe('npm run chaos -- --kills=9');
  });
});

describe('a run that was written', () => {
  it('is read as it was', () => {
    expect(readRun('all.json', JSON.stringify(run))).toEqual(run);
  });

  it.each(['command', 'at', 'machine', 'seed', 'short', 'seconds', 'results'])('is refused without its %s', (field) => {
    expect(() => readRun('all.json', JSON.stringify({ ...run, [field]: undefined }))).toThrow('all.json is not what --json');
  });
});

describe('whyNotKept', () => {
  it('keeps long runs', () => {
    expect(whyNotKept([run, skipped])).toBeUndefined();
  });

  it('keeps none of which one is short', () => {
    expect(whyNotKept([run, { ...run, short: true }])).toBe('a short run is not kept');
  });

  it('keeps none in which nothing was played', () => {
    expect(whyNotKept([skipped])).toBe('no scenario was played');
  });
});

describe('recordOf', () => {
  it('is of the day and the machine of the run, not of its reading', () => {
    const { command, at, machine } = run;
    expect(recordOf([run])).toMatchObject({ command, at, machine, seconds: 60 });
  });

  it('has the commands and machines of several, and the day of the newest', () => {
    const other = { ...run, command: 'npm run chaos -- --only clock', at: '2026-11-22T08:00:00.000Z', machine: 'Node 22' };
    const { figures, ...rest } = recordOf([other, run, run]);
    expect(rest).toEqual({
      harness: 'chaos',
      command: 'npm run chaos -- --only clock && npm run chaos -- --only kill',
      at: other.at,
      seconds: 180,
      machine: 'Node 22 and Node 20, 2 × Any',
    });
    expect(figures).toHaveLength(3);
  });
});
