import { describe, expect, it } from '@jest/globals';

import { commandOf, isRun, recordOf, whyNotKept, type Run } from './run.js';

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
  it('is known again', () => {
    expect(isRun(JSON.parse(JSON.stringify(run)))).toBe(true);
  });

  it.each(['command', 'at', 'machine', 'seed', 'short', 'seconds', 'results'])('is none without its %s', (field) => {
    expect(isRun(JSON.parse(JSON.stringify({ ...run, [field]: undefined })))).toBe(false);
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
  const order = ['kill', 'clock', 'ring'];
  const { at, machine } = run;
  const later = '2026-11-22T08:00:00.000Z';
  const other = (name: string, outcome: Run['results'][number]['outcome']): Run => ({
    ...{ command: `npm run chaos -- --only ${name}`, at: later, machine: 'Node 22', seed: 8, short: false, seconds: 5 },
    results: [{ scenario: { ...scenario, name }, outcome, seconds: 5, kept: undefined }],
  });
  const played = { figures: { kills: 9 }, faults: [] };
  const figuresIn = (record: ReturnType<typeof recordOf>) => record.figures.map((one) => [one.scenario, one.figure, one.at]);

  it('is of the day and the machine of the run, not of its reading', () => {
    expect(recordOf([run], order)).toMatchObject({ command: run.command, at, machine, seconds: 60 });
  });

  it('has the figures of several runs, in the order of the scenarios, and says of which run each is', () => {
    const record = recordOf([other('clock', played), run], order);
    expect(figuresIn(record)).toEqual([
      ['kill', 'kills 5', at],
      ['clock', 'kills 9', later],
    ]);
    expect(record).toMatchObject({ at: later, machine: 'Node 22', seconds: 65 });
    expect(record.runs!.map((one) => one.at)).toEqual([at, later]);
  });

  it('leaves the figures of other scenarios as they were, a run on real servers beside one on embedded drivers', () => {
    const before = recordOf([run], order);
    const record = recordOf([other('ring', played)], order, before);
    expect(figuresIn(record)).toEqual([
      ['kill', 'kills 5', at],
      ['ring', 'kills 9', later],
    ]);
    expect(figuresIn(recordOf([other('kill', played)], order, record))).toEqual([
      ['kill', 'kills 9', later],
      ['ring', 'kills 9', later],
    ]);
  });

  it('puts nothing that was skipped in place of what was played', () => {
    const before = recordOf([run], order);
    expect(figuresIn(recordOf([other('kill', { skipped: 'no disk' })], order, before))).toEqual(figuresIn(before));
    expect(figuresIn(recordOf([other('clock', { skipped: 'no clock' })], order, before))).toEqual([
      ['kill', 'kills 5', at],
      ['clock', 'not run: no clock', later],
    ]);
  });
});
