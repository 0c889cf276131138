import { describe, expect, it } from '@jest/globals';
import { reasonsOf, type RingsideEvent } from '@ringside/events';
import { aReport, caseHistories, play, progressed, rerouted, suppressed, weighed, type PlayedView } from '@ringside/testing';
import fc from 'fast-check';

import { acknowledgeBy, dueAt, openedAt, type CaseFile } from './case-file.js';
import type { Attachment } from './attachment.js';
import { caseFiles } from './case-files.js';
import { mayCount, type ReportMark } from './case-rows.js';
import { caseIdOf, type CaseRules } from './case-rules.js';
import { filedReports } from './reporters.js';

const captured = new Set<string>(reasonsOf('cheating'));
const rules: CaseRules = {
  team: 'cheating',
  captures: (reason) => captured.has(reason),
  weigh: (reason) => ({
    severity: reason === 'aimbot' ? 8 : 3,
    decideWithinHours: reason === 'aimbot' ? 24 : 72,
    ...(reason === 'speedhack' && { first: true as const }),
  }),
};
const projections = [caseFiles(rules), filedReports(rules)];

const view = (...events: readonly RingsideEvent[]): PlayedView => play(projections, events);
const caseId = caseIdOf('cheating', 'stormfall', 'subject-1');
const caseIn = (rows: PlayedView): CaseFile => rows.get(`cases/${caseId}/case`) as unknown as CaseFile;
const listsIn = (rows: PlayedView): string[] => [...rows.keys()].filter((name) => name.startsWith('case_lists/'));

/** What counts and what is open, found by looking at every report of the case. */
function expected(
  rows: PlayedView,
  file: CaseFile,
): { readonly counted: readonly Attachment[]; readonly open: readonly Attachment[] } {
  const read = <T>(key: string): T | undefined => rows.get(`cases/${file.caseId}/${key}`) as T | undefined;
  const eligible = [...rows]
    .filter(([name]) => name.startsWith(`cases/${file.caseId}/report/`))
    .map(([, row]) => row as unknown as Attachment)
    .filter((report) => mayCount(report, read(`mark/${report.reportId}`)))
    .sort((a, b) => (a.reportId < b.reportId ? -1 : 1));
  const alike = (a: Attachment, b: Attachment): boolean =>
    a.matchId !== null && a.matchId === b.matchId && a.reporterId === b.reporterId && a.reason === b.reason;
  const counted = eligible.filter((one, i) => !eligible.slice(0, i).some((other) => alike(one, other)));
  const covered = ({ reportId }: Attachment): boolean =>
    (read<ReportMark>(`mark/${reportId}`)?.decisions ?? []).some((id) => file.decisions[id]?.state === 'in_effect');
  return { counted, open: counted.filter((one) => !covered(one)) };
}

const distinct = (reports: readonly Attachment[]): readonly string[] => [
  ...new Set(reports.map(({ reporterId }) => reporterId)),
];
const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
const countBy = (reports: readonly Attachment[]): Record<string, number> =>
  Object.fromEntries(reports.map(({ reason }) => [reason, reports.filter((one) => one.reason === reason).length]));
const credibilityOf = (rows: PlayedView, { caseId }: CaseFile, reporterId: string): number =>
  rows.get(`cases/${caseId}/reporter/${reporterId}`)!['credibility'] as number;

describe('CaseFiles', () => {
  it('keeps rows small and times exact while thousands report one player in an hour', () => {
    const timeOf = (i: number): string => new Date(Date.UTC(2026, 0, 31, 12) + i * 1_700).toISOString();
    const reports = Array.from({ length: 2_000 }, (_, i) => aReport({ reporterId: `reporter-${i}`, filedAt: timeOf(i) }));
    const reportIds = reports.slice(0, 500).map(({ data }) => data.reportId);
    const of = { team: 'cheating', game: 'stormfall', subjectId: 'subject-1' };
    const rows = view(...reports, progressed(of, { decision: { reportIds } }));
    const { aimbot } = caseIn(rows).open.reasons;
    expect(aimbot).toMatchObject({ count: 1_500, first: timeOf(500), last: timeOf(1_999) });
    const sizes = [...rows].filter(([name]) => name.includes('/open/')).map(([, row]) => JSON.stringify(row).length);
    expect(Math.max(...sizes)).toBeLessThan(2_000);
  });

  it('keeps one case per subject and game', () => {
    const rows = view(aReport(), aReport({ reporterId: 'reporter-2', reason: 'wallhack' }), aReport({ game: 'kickoff' }));
    expect([...rows.keys()].filter((name) => name.endsWith('/case'))).toHaveLength(2);
    expect(caseIn(rows)).toMatchObject({
      status: 'open',
      revision: 2,
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
    expect(caseIn(rows)).toMatchObject({ status: 'decided', revision: 2, reportCount: 0, distinctReporters: 0, reasons: {} });
    expect(listsIn(rows).every((name) => name.startsWith('case_lists/decided/'))).toBe(true);
    expect(rows.get(`cases/${caseId}/report/${filed.data.reportId}`)).toMatchObject({ active: false });
  });

  it('follows the longest history of reroutings', () => {
    const filed = aReport();
    const first = rerouted(filed, 'harassment');
    const second = rerouted(filed, 'wallhack', ['aimbot', 'harassment']);
    expect(caseIn(view(second, filed, first))).toMatchObject({ revision: 3, reasons: { wallhack: 1 } });
  });

  it('is in each list once, at the place that its state gives it', () => {
    const rows = view(aReport({ reason: 'macro' }), aReport({ reporterId: 'reporter-2' }));
    // all, game, and two reasons; each by time and by priority. And when it is due: to be taken on, and to be decided.
    expect(listsIn(rows)).toHaveLength(10);
  });

  const of = { team: 'cheating', game: 'stormfall', subjectId: 'subject-1' };
  const first = aReport({ filedAt: '2026-01-31T09:00:00.000Z' });
  const second = aReport({ filedAt: '2026-01-31T10:00:00.000Z', reporterId: 'reporter-2', reason: 'macro' });
  const idsOf = (...reports: (typeof first)[]): string[] => reports.map(({ data }) => data.reportId);
  const decided = (reportIds: string[], given: object = {}): RingsideEvent =>
    progressed(of, { caseVersion: 3, decision: { reportIds, ...given } });

  it('is claimed while somebody holds it, and is then in the lists of whoever does', () => {
    const claim = { by: 'worker-1', until: '2026-01-31T13:00:00.000Z' };
    const rows = view(first, progressed(of, { caseVersion: 1, claim, acknowledgedAt: '2026-01-31T12:00:00.000Z' }));
    expect(caseIn(rows)).toMatchObject({ status: 'claimed', streamVersion: 1, revision: 2, claim });
    expect(listsIn(rows).filter((name) => name.includes('/assignee=worker-1/'))).toHaveLength(2);
    expect(listsIn(rows).filter((name) => name.includes('due/lease/'))).toEqual([expect.stringContaining(claim.until)]);
    expect(listsIn(rows).some((name) => name.includes('due/acknowledge'))).toBe(false);
    expect(listsIn(rows).some((name) => name.startsWith('case_lists/open/'))).toBe(false);
  });

  it('is decided once a decision in effect covers all its reports, whichever comes first', () => {
    for (const events of [
      [first, second, decided(idsOf(first, second))],
      [decided(idsOf(first, second)), second, first],
    ]) {
      const rows = view(...events);
      expect(caseIn(rows)).toMatchObject({ status: 'decided', reportCount: 2, open: { reports: 0, reporters: 0 } });
      expect(listsIn(rows).every((name) => name.startsWith('case_lists/decided/'))).toBe(true);
      expect(dueAt(caseIn(rows), rules)).toBeNull();
    }
  });

  it('stays open for a report that the decider did not see, and is due by that one', () => {
    const file = caseIn(view(first, second, decided(idsOf(first))));
    expect(file).toMatchObject({ status: 'open', open: { reports: 1, reasons: { macro: { count: 1 } } } });
    expect(openedAt(file)).toBe(second.data.filedAt);
    expect(dueAt(file, rules)).toBe('2026-02-03T10:00:00.000Z');
    expect(acknowledgeBy(file, rules)).toBe('2026-02-01T22:00:00.000Z');
  });

  it('is not decided by a proposal, and is open again when a decision is taken back', () => {
    const ids = idsOf(first, second);
    expect(caseIn(view(first, second, decided(ids, { state: 'proposed' })))).toMatchObject({ status: 'open' });
    const revert = progressed(of, { caseVersion: 4, decision: { decisionId: `${caseId}.3`, state: 'reverted' } });
    const file = caseIn(view(first, revert, second, decided(ids)));
    expect(file).toMatchObject({ status: 'open', open: { reports: 2, reporters: 2 }, streamVersion: 4 });
    expect(openedAt(file)).toBe(first.data.filedAt);
  });

  it('moves what is due by the time that the case was on hold, and has no deadline while it is', () => {
    const held = view(first, progressed(of, { heldSince: '2026-01-31T12:00:00.000Z', pausedMs: 3_600_000 }));
    expect(dueAt(caseIn(held), rules)).toBe('2026-02-01T10:00:00.000Z');
    expect(listsIn(held).some((name) => name.includes('/due/'))).toBe(false);
  });

  it('counts one report of a reporter for one match and reason: the first', () => {
    const again = (filedAt: string, reason = 'aimbot') => aReport({ filedAt, reason, matchId: 'match-1' });
    const [early, late, other] = [
      again('2026-01-31T09:00:00.000Z'),
      again('2026-01-31T09:05:00.000Z'),
      again('2026-01-31T09:06:00.000Z', 'macro'),
    ];
    expect(caseIn(view(late, early, other))).toMatchObject({
      reportCount: 2,
      distinctReporters: 1,
      reasons: { aimbot: 1, macro: 1 },
    });
    expect(openedAt(caseIn(view(late, early)))).toBe(early.data.filedAt);
    expect(caseIn(view(late, early, decided(idsOf(early))))).toMatchObject({ status: 'decided' });
    expect(caseIn(view(late, early, rerouted(early, 'threat')))).toMatchObject({ reportCount: 1, reasons: { aimbot: 1 } });
  });

  it('leaves suppressed reports on file and out of the count, until they count again', () => {
    const { reportId } = second.data;
    const without = suppressed(of, { reportId, because: 'daily_limit', suppressed: true, revision: 1 });
    const rows = view(first, without, second);
    expect(caseIn(rows)).toMatchObject({ reportCount: 1, distinctReporters: 1, reasons: { aimbot: 1 } });
    expect(rows.get(`cases/${caseId}/report/${reportId}`)).toMatchObject({ active: true });
    const again = suppressed(of, { reportId, because: 'daily_limit', suppressed: false, revision: 2 });
    expect(caseIn(view(first, again, second, without))).toMatchObject({ reportCount: 2 });
  });

  it('counts a report whose reason goes first, whatever was said of its reporter', () => {
    const { reportId } = second.data;
    const without = suppressed(of, { reportId, because: 'reporter_suppressed', suppressed: true, revision: 1 });
    const urgent = rerouted(second, 'speedhack');
    for (const events of [
      [second, without, urgent],
      [urgent, without, second],
      [without, urgent],
    ]) {
      expect(caseIn(view(...events))).toMatchObject({ status: 'open', reasons: { speedhack: 1 } });
    }
    expect(caseIn(view(second, without, urgent, rerouted(second, 'macro', ['macro', 'speedhack'])))).toMatchObject({
      reasons: {},
    });
  });

  it('takes each reporter for as credible as they were weighed last, and the subject for as often struck', () => {
    const doubted = (credibility: number, revision: number) =>
      weighed(of, { revision, reporter: { reporterId: 'reporter-2', credibility } });
    const rows = view(doubted(20, 2), first, second, doubted(50, 1), weighed(of, { revision: 1, priorStrikes: 2 }));
    expect(caseIn(rows)).toMatchObject({ open: { credibility: 120 }, strikes: { prior: 2 } });
  });

  it('tells of each reporter which of their reports were founded', () => {
    const row = (events: readonly RingsideEvent[]) =>
      view(...events).get(`reporter_outcomes/reporter-2/${second.data.filedAt}/${second.data.reportId}`);
    const ids = idsOf(second);
    expect(row([second, decided(ids)])).toMatchObject({ reason: 'macro', founded: true });
    expect(row([decided(ids, { verdict: 'dismiss' }), second])).toMatchObject({ founded: false });
    expect(row([second, decided(ids, { verdict: 'inconclusive' })])).toBeUndefined();
    const overturned = progressed(of, { caseVersion: 4, decision: { decisionId: `${caseId}.3`, state: 'overturned' } });
    expect(row([second, decided(ids), overturned])).toBeUndefined();
  });

  it('covers what does not count, which changes no figure, and tells once of its reporter', () => {
    const [early, late] = [0, 5].map((minute) => aReport({ matchId: 'match-1', filedAt: `2026-01-31T09:0${minute}:00.000Z` }));
    const { reportId } = second.data;
    const without = suppressed(of, { reportId, because: 'daily_limit', suppressed: true, revision: 1 });
    const events = [early!, late!, second, without, decided(idsOf(early!, late!, second))];
    const outcomes = (rows: PlayedView): string[] => [...rows.keys()].filter((name) => name.startsWith('reporter_outcomes/'));
    for (const some of [events, events.toReversed()]) {
      const rows = view(...some);
      expect(caseIn(rows)).toMatchObject({ status: 'decided', reportCount: 1, open: { reports: 0 } });
      expect(outcomes(rows)).toEqual([expect.stringContaining(early!.data.reportId)]);
    }
    // Once the first goes to another team, its copy counts in its place: decided already.
    const moved = view(...events, rerouted(early!, 'threat'));
    expect(caseIn(moved)).toMatchObject({ status: 'decided', reportCount: 1, open: { reports: 0 } });
    expect(outcomes(moved)).toEqual([expect.stringContaining(late!.data.reportId)]);
    const again = suppressed(of, { reportId, because: 'daily_limit', suppressed: false, revision: 2 });
    expect(caseIn(view(...events, again))).toMatchObject({ status: 'decided', reportCount: 2, open: { reports: 0 } });
  });

  it('is in no list before one of its reports has come', () => {
    expect(listsIn(view(decided(idsOf(first))))).toEqual([]);
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
    const shuffled = caseHistories('cheating').chain((events) =>
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
      fc.property(caseHistories('cheating'), (events) => {
        const rows = view(...events);
        for (const [name, row] of rows) {
          if (!name.startsWith('cases/') || !name.endsWith('/case')) continue;
          const file = row as unknown as CaseFile;
          const { counted, open } = expected(rows, file);
          expect(file.reportCount).toBe(counted.length);
          expect(file.distinctReporters).toBe(distinct(counted).length);
          expect(file.reasons).toEqual(countBy(counted));
          expect(file.open.reports).toBe(open.length);
          expect(file.open.reporters).toBe(distinct(open).length);
          expect(file.open.credibility).toBe(sum(distinct(open).map((reporter) => credibilityOf(rows, file, reporter))));
          expect(Object.fromEntries(Object.entries(file.open.reasons).map(([reason, { count }]) => [reason, count]))).toEqual(
            countBy(open),
          );
          const [firstOpen] = open.map(({ filedAt }) => filedAt).sort();
          expect(openedAt(file)).toBe(firstOpen ?? file.firstReportedAt);
          const told = [...rows.keys()]
            .filter((row) => row.startsWith('reporter_outcomes/'))
            .map((row) => row.split('/').at(-1)!);
          const ofCase = told.filter((reportId) => rows.has(`cases/${file.caseId}/report/${reportId}`));
          expect(counted.map(({ reportId }) => reportId)).toEqual(expect.arrayContaining(ofCase));
        }
      }),
    );
  });
});
