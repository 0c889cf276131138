import { describe, expect, it } from '@jest/globals';

import { tablesOf } from './benchmarks-tables.js';
import { notKeptFor, runsOf, withRun, withTables, type RecordedRows } from './recorded-rows.js';
import type { NamedResult } from './results-in-words.js';

const figures = (name: string, value: number): NamedResult => ({
  kind: 'figures',
  name,
  title: `${name} is measured`,
  how: 'Somehow',
  figures: [
    { name: 'rebuilt in', at: 1_000, value, unit: 's', aimMax: 60 },
    { name: 'rebuilt in', at: 10, value: 2, unit: 's' },
    { name: 'growth', value: 1.5, unit: '×', spread: { min: 1, max: 2 } },
  ],
  atIs: 'reports',
  foreignCores: [0, 0, 1, 0, 0, 0],
});

const run = (command: string, results: readonly NamedResult[], at = '2026-11-23T09:00:00.000Z') => ({
  machine: { node: 'v20', lmdb: '3', cpu: 'some', cpus: 2, memoryGiB: 8, system: 'linux' },
  machineText: 'Node 20, 2 × some',
  quick: false,
  at,
  seconds: 100,
  command,
  results,
});

describe('the rows that are kept', () => {
  const order = ['append', 'growth', 'idle'];
  const before = withRun({}, run('all', [figures('growth', 70), figures('append', 1)]), order);

  it('are in the order of the bench', () => expect(Object.keys(before)).toEqual(['append', 'growth']));

  it('are each of the last run that measured them', () => {
    const skipped: NamedResult = { kind: 'skipped', name: 'append', title: 'append is measured', why: 'it is not there' };
    const after = withRun(before, run('only growth', [figures('growth', 50), skipped]), order);
    const commands = Object.entries(after).map(([name, { command }]) => [name, command]);
    expect(commands).toEqual([
      ['append', 'all'],
      ['growth', 'only growth'],
    ]);
  });

  it('are left out once there is no such row', () => {
    const gone: RecordedRows = { ...before, other: before['append']! };
    expect(Object.keys(withRun(gone, run('all', []), order))).toEqual(['append', 'growth']);
  });
});

describe('the runs of kept rows', () => {
  it('are each there once, with the machine and the day of their own', () => {
    const order = ['append', 'growth', 'idle'];
    const first = run('all', [figures('growth', 70), figures('append', 1)], '2026-11-20T09:00:00.000Z');
    const rows = withRun(withRun({}, first, order), { ...run('one', [figures('idle', 1)]), machineText: 'another' }, order);
    expect(runsOf(rows)).toEqual([
      { command: 'all', at: '2026-11-20T09:00:00.000Z', machine: 'Node 20, 2 × some' },
      { command: 'one', at: '2026-11-23T09:00:00.000Z', machine: 'another' },
    ]);
  });
});

describe('a run', () => {
  const full = run('npm run bench', [figures('growth', 70)]);

  it('is kept where it is a full one, of an earlier bench too', () => {
    expect(notKeptFor(full)).toBeUndefined();
    expect(notKeptFor({ ...full, rounds: 5, profiled: false })).toBeUndefined();
  });

  it.each([
    ['it was quick', { quick: true }],
    ['profiles', { profiled: true }],
    ['fewer than 5 rounds', { rounds: 4 }],
    ['no row was measured', { results: [{ kind: 'skipped', name: 'append', title: '', why: '' } as const] }],
  ])('is not kept where %s', (reason, change) => {
    expect(notKeptFor({ ...full, ...change })).toContain(reason);
  });
});

describe('the tables of the page', () => {
  it('stand between its marks, and nothing else changes', () => {
    const page = (between: string) =>
      `# Title\n\n<!-- figures: written by npm run bench -- --record -->${between}<!-- end of the figures -->\n\nMore.\n`;
    expect(withTables(page('\n\nold\n\n'), 'new')).toBe(page('\n\nnew\n\n'));
    expect(() => withTables('# Title\n', 'new')).toThrow('no place');
  });

  it('say of each row when and how it was measured, and what was missed', () => {
    const text = tablesOf(Object.values(withRun({}, run('npm run bench', [figures('growth', 70)]), ['growth'])));
    expect(text).toContain('`npm run bench` on 2026-11-23; Node 20, 2 × some; 5/6 rounds clean.');
    expect(text).toContain('|            | unit | 10 reports | 1,000 reports |  aim |');
    expect(text).toContain('| rebuilt in | s    |          2 | 70 **missed** | ≤ 60 |');
    expect(text).toContain('| growth | ×    |   1.5 |            1..2 |     |     |');
  });

  it('say so where others were at work during rounds that count', () => {
    const disturbed = { ...figures('growth', 1), foreignCores: [1, 1, 0] } as NamedResult;
    expect(tablesOf(Object.values(withRun({}, run('x', [disturbed]), ['growth'])))).toContain('Others were at work');
  });
});
