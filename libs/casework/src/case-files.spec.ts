import { describe, expect, it } from '@jest/globals';
import { reasonsOf, type RingsideEvent } from '@ringside/events';
import { aReport, play, reportHistories, rerouted, type PlayedView } from '@ringside/testing';
import fc from 'fast-check';

import type { CaseFile } from './case-file.js';
import { caseFiles } from './case-files.js';
import { caseIdOf, type CaseRules } from './case-rules.js';
import { filedReports } from './reporters.js';

const captured = new Set<string>(reasonsOf('cheating'));
const rules: CaseRules = {
  team: 'cheating',
  captures: (reason) => captured.has(reason),
  weigh: (reason) => ({ severity: reason === 'aimbot' ? 8 : 3, decideWithinHours: reason === 'aimbot' ? 24 : 72 }),
};
const projections = [caseFiles(rules), filedReports(rules)];

const view = (...events: readonly RingsideEvent[]): PlayedView => play(projections, events);
const caseId = caseIdOf('cheating', 'stormfall', 'subject-1');
const caseIn = (rows: PlayedView): CaseFile => rows.get(`cases/${caseId}/case`) as unknown as CaseFile;
const listsIn = (rows: PlayedView): string[] => [...rows.keys()].filter((name) => name.startsWith('case_lists/'));

describe('CaseFiles', () => {
  it('keeps one case per subject and game', () => {
    const rows = view(aReport(), aReport({ reporterId: 'reporter-2', reason: 'wallhack' }), aReport({ game: 'kickoff' }));
    expect([...rows.keys()].filter((name) => name.endsWith('/case'))).toHaveLength(2);
    expect(caseIn(rows)).toMatchObject({
      status: 'open',
      version: 2,
      reportCount: 2,
      distinctReporters: 2,
      reasons: { aimbot: 1, wallhack: 1 },
    });
  });

  it('counts a reporter once, however often they report', () => {
    expect(caseIn(view(aReport(), aReport(), aReport({ reporterId: 'reporter-2' })))).toMatchObject({
      reportCount: 3,
      distinctReporters: 2,
    });
  });

  it('has nothing of what another team captures', () => {
    expect(view(aReport({ reason: 'harassment' }))).toEqual(new Map());
  });

  it('captures a report that was handed over, with the reason it was first filed with', () => {
    const filed = aReport({ reason: 'other' });
    const rows = view(filed, rerouted(filed, 'macro'));
    expect(caseIn(rows)).toMatchObject({ reportCount: 1, reasons: { macro: 1 } });
    expect(rows.get(`cases/${caseId}/report/${filed.data.reportId}`)).toMatchObject({ firstReason: 'other', reason: 'macro' });
  });

  it('lets a report go whose new reason is not its own, and closes the case when none is left', () => {
    const filed = aReport();
    const rows = view(filed, rerouted(filed, 'harassment'));
    expect(caseIn(rows)).toMatchObject({ status: 'decided', version: 2, reportCount: 0, distinctReporters: 0, reasons: {} });
    expect(listsIn(rows).every((name) => name.startsWith('case_lists/decided/'))).toBe(true);
    expect(rows.get(`cases/${caseId}/report/${filed.data.reportId}`)).toMatchObject({ active: false });
  });

  it('follows the longest history of reroutings', () => {
    const filed = aReport();
    const first = rerouted(filed, 'harassment');
    const second = rerouted(filed, 'wallhack', ['aimbot', 'harassment']);
    expect(caseIn(view(second, filed, first))).toMatchObject({ version: 3, reasons: { wallhack: 1 } });
  });

  it('is in each list once, at the place that its state gives it', () => {
    const rows = view(aReport({ reason: 'macro' }), aReport({ reporterId: 'reporter-2' }));
    // all, game, and two reasons; each by time and by priority.
    expect(listsIn(rows)).toHaveLength(8);
  });

  it('names its rows within the bounds of the view store, whatever the ids are', () => {
    const longest = '字'.repeat(128);
    const rows = view(aReport({ game: longest, subjectId: longest, reporterId: longest, matchId: longest }));
    for (const name of rows.keys())
      for (const part of name.split('/')) expect(Buffer.byteLength(part)).toBeLessThanOrEqual(400);
    expect(
      [...rows.keys()].filter((name) => name.startsWith('case_lists/')).every((name) => Buffer.byteLength(name) < 300),
    ).toBe(true);
  });

  it('gives the same rows in whichever order the events come', () => {
    const shuffled = reportHistories.chain((events) =>
      fc.tuple(fc.constant(events), fc.shuffledSubarray([...events], { minLength: events.length })),
    );
    fc.assert(
      fc.property(shuffled, ([events, otherOrder]) => {
        expect([...view(...otherOrder)]).toEqual([...view(...events)]);
      }),
      { numRuns: 300 },
    );
  });

  it('counts what its reports and reporters are', () => {
    fc.assert(
      fc.property(reportHistories, (events) => {
        const rows = view(...events);
        for (const [name, row] of rows) {
          if (!name.startsWith('cases/') || !name.endsWith('/case')) continue;
          const file = row as unknown as CaseFile;
          const reports = [...rows]
            .filter(([key, report]) => key.startsWith(`cases/${file.caseId}/report/`) && report['active'] === true)
            .map(([, report]) => report);
          expect(file.reportCount).toBe(reports.length);
          expect(file.distinctReporters).toBe(new Set(reports.map(({ reporterId }) => reporterId)).size);
          expect(Object.values(file.reasons).reduce((sum, count) => sum + count, 0)).toBe(reports.length);
        }
      }),
    );
  });
});
