import { describe, expect, it } from '@jest/globals';

import { pageOf, type HarnessPart } from './page.js';
import type { Harness, RunRecord } from './run-record.js';

const record: RunRecord = {
  harness: 'chaos',
  command: 'npm run chaos',
  at: '2026-11-23T09:00:00.000Z',
  seconds: 300,
  machine: 'Node 20, 2 × Any, 24 GiB, linux',
  figures: [
    { promise: 'No report is lost.', how: 'Kills, then a count | by key.', aim: '0', figure: '3 of 100', kept: false },
    { promise: 'It restarts.', how: 'After each kill.', figure: '1.2 s' },
  ],
};

const without: HarnessPart = { record: undefined, findings: [] };
const parts = (chaos: HarnessPart): Readonly<Record<Harness, HarnessPart>> => ({
  simulate: without,
  chaos,
  hostile: without,
  mutation: without,
  bench: without,
});

describe('page of promises', () => {
  it('shows each figure of a run with its aim and whether it was reached', () => {
    const page = pageOf(parts({ record, findings: [] }));
    expect(page).toContain('`npm run chaos` on 2026-11-23, 5 min; Node 20, 2 × Any, 24 GiB, linux.');
    expect(page).toContain('| No report is lost. | Kills, then a count \\| by key. | 0 | 3 of 100 | **no** |');
    expect(page).toContain('| It restarts. | After each kill. |  | 1.2 s |  |');
  });

  it('names the oldest and the newest run where the figures are of several', () => {
    const runs = ['2026-11-23', '2026-11-20', '2026-11-22'].map((day) => ({
      ...{ command: `npm run chaos -- --on ${day}`, at: `${day}T09:00:00.000Z`, machine: `Node 20 of ${day}` },
    }));
    const page = pageOf(parts({ record: { ...record, runs }, findings: [] }));
    expect(page).toContain('Figures of 3 runs, each figure of the last run that measured it.');
    expect(page).toContain('The oldest: `npm run chaos -- --on 2026-11-20` on 2026-11-20; Node 20 of 2026-11-20.');
    expect(page).toContain('The newest: `npm run chaos -- --on 2026-11-23` on 2026-11-23; Node 20 of 2026-11-23.');
    expect(page).not.toContain('5 min');
  });

  it('says of which harness no run has been kept', () => {
    const page = pageOf(parts({ record, findings: [] }));
    expect(page).toContain('No run of `npm run simulate` has been kept yet.');
    expect(page).not.toContain('No run of `npm run chaos`');
  });

  it('shows what is found and not mended as open', () => {
    const found = { on: '2026-11-23', found: 'A leak.', mended: 'Nothing yet.' };
    const page = pageOf(
      parts({
        record,
        findings: [
          { ...found, open: true },
          { ...found, open: false },
        ],
      }),
    );
    expect(page).toContain('| 2026-11-23 | A leak. | **open**: Nothing yet. |');
    expect(page).toContain('| 2026-11-23 | A leak. | Nothing yet. |');
  });
});
