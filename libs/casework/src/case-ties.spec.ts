import { describe, expect, it } from '@jest/globals';
import type { RingsideEvent } from '@ringside/events';
import { aReport, play, progressed, rerouted, suppressed, weighed, type PlayedView } from '@ringside/testing';

import { attach, concerns } from './attachment.js';
import { caseOf } from './case-events.js';
import type { CaseFile } from './case-file.js';
import { caseFiles } from './case-files.js';
import { caseId, of, rules } from './cheating-case.fixture.js';

const filed = aReport();
const { reportId, reporterId } = filed.data;

const view = (...events: readonly RingsideEvent[]): PlayedView => play([caseFiles(rules)], events);
const fileIn = (rows: PlayedView): CaseFile => rows.get(`cases/${caseId}/case`) as unknown as CaseFile;

/** In this order, in the opposite one, and with the report between them or behind them. */
const orders = (a: RingsideEvent, b: RingsideEvent): readonly (readonly RingsideEvent[])[] =>
  [
    [a, b],
    [b, a],
  ].flatMap(([first, second]) => [
    [filed, first!, second!],
    [first!, filed, second!],
    [first!, second!, filed],
  ]);

describe('what two regions say at once of a report', () => {
  const said = (isSuppressed: boolean, revision: number, because: 'daily_limit' | 'reporter_suppressed' = 'daily_limit') =>
    suppressed(of, { reportId, because, suppressed: isSuppressed, revision });
  const elsewhere = (event: RingsideEvent): RingsideEvent => ({ ...event, id: said(true, 99).id });

  it.each<[string, RingsideEvent, RingsideEvent, number]>([
    ['counts where one of them lets it count', said(true, 2), elsewhere(said(false, 2)), 1],
    ['does not where neither does', said(true, 2), elsewhere(said(true, 2)), 0],
    ['is what was said later: that it counts', said(true, 2), said(false, 3), 1],
    ['is what was said later: that it does not', said(false, 2), said(true, 3), 0],
    ['does not count for one reason, whatever is said of another', said(true, 1), said(false, 2, 'reporter_suppressed'), 0],
  ])('%s', (_, a, b, reportCount) => {
    const rows = orders(a, b).map((events) => view(...events));
    for (const one of rows) {
      expect(fileIn(one)).toMatchObject({ reportCount, revision: 3 });
      expect([...one]).toEqual([...rows[0]!]);
    }
  });

  it('is kept for each reason by itself, the latest of each', () => {
    const rows = view(said(true, 2), said(false, 1, 'reporter_suppressed'), said(true, 1));
    expect(rows.get(`cases/${caseId}/mark/${reportId}`)).toEqual({
      decisions: [],
      suppressed: {
        daily_limit: { revision: 2, suppressed: true },
        reporter_suppressed: { revision: 1, suppressed: false },
      },
    });
  });
});

describe('two weighings', () => {
  const believed = (revision: number, credibility: number) => weighed(of, { revision, reporter: { reporterId, credibility } });
  const struck = (revision: number, priorStrikes: number) => weighed(of, { revision, priorStrikes });

  it.each([
    ['the later', believed(2, 30), believed(3, 80), { credibility: 80, revision: 3 }],
    ['the later, also where it is lower', believed(2, 80), believed(3, 30), { credibility: 30, revision: 3 }],
    ['of two at once the lower', believed(2, 80), believed(2, 30), { credibility: 30, revision: 2 }],
  ])('of a reporter: %s tells', (_, a, b, expected) => {
    for (const events of orders(a, b)) {
      const rows = view(...events);
      expect(rows.get(`cases/${caseId}/reporter/${reporterId}`)).toEqual({ reports: 1, open: 1, ...expected });
      expect(fileIn(rows).open.credibility).toBe(expected.credibility);
    }
  });

  it.each([
    ['the later', struck(2, 1), struck(3, 4), { prior: 4, revision: 3 }],
    ['the later, also where it is lower', struck(2, 4), struck(3, 1), { prior: 1, revision: 3 }],
    ['of two at once the higher', struck(2, 4), struck(2, 1), { prior: 4, revision: 2 }],
  ])('of the subject: %s tells', (_, a, b, strikes) => {
    for (const events of orders(a, b)) expect(fileIn(view(...events)).strikes).toEqual(strikes);
  });
});

describe('the steps of a decision', () => {
  const decided = (caseVersion: number, reportIds: string[], given: object = {}) =>
    progressed(of, { caseVersion, decision: { decisionId: `${caseId}.1`, reportIds, ...given } });

  it('name its reports together, each with the first that names it, also once it is taken back', () => {
    const steps = [decided(1, ['r2', 'r1']), decided(2, ['r2', 'r3']), decided(3, [], { state: 'reverted' })];
    const rows = [steps, steps.toReversed(), [...steps, ...steps]].map((events) => view(...events));
    for (const one of rows) {
      const { steps: kept } = one.get(`cases/${caseId}/decision/${caseId}.1`) as { steps: { reportIds: string[] }[] };
      expect(kept.map(({ reportIds }) => reportIds)).toEqual([['r1', 'r2'], ['r3'], []]);
      for (const report of ['r1', 'r2', 'r3'])
        expect(one.get(`cases/${caseId}/mark/${report}`)).toEqual({ decisions: [`${caseId}.1`], suppressed: {} });
    }
  });
});

describe('whom an event concerns', () => {
  it.each<[string, RingsideEvent, boolean]>([
    ['a report of its reason', filed, true],
    ['a report of another team', aReport({ reason: 'harassment' }), false],
    ['a report that it had', rerouted(filed, 'threat'), true],
    ['a report that it had, and another team since', rerouted(filed, 'harassment', ['aimbot', 'threat']), true],
    ['a report that it never had', rerouted(aReport({ reason: 'other' }), 'harassment', ['other', 'threat']), false],
    ['a step of its own', progressed(of), true],
    ['a step of another team', progressed({ ...of, team: 'abuse' }), false],
    ['a weighing of its own', weighed(of, { revision: 1, priorStrikes: 1 }), true],
    ['a weighing of another team', weighed({ ...of, team: 'abuse' }, { revision: 1, priorStrikes: 1 }), false],
    [
      'a suppression by another team',
      suppressed({ ...of, team: 'abuse' }, { reportId, because: 'daily_limit', suppressed: true, revision: 1 }),
      false,
    ],
  ])('%s', (_, event, isConcerned) => {
    expect(caseOf(event, rules)).toBe(isConcerned ? caseId : undefined);
    if (event.type === 'ReportFiled' || event.type === 'ReportRerouted')
      expect(concerns(event, rules.captures)).toBe(isConcerned);
  });
});

describe('what a case holds of a report', () => {
  it('is all that it was filed with', () => {
    const occurredAt = '2026-01-31T11:00:00.000Z';
    const report = aReport({ occurredAt, matchId: 'match-1', hasEvidence: true });
    expect(attach(undefined, report, rules)).toMatchObject({ occurredAt, matchId: 'match-1', hasEvidence: true });
    expect(attach(undefined, filed, rules)).toMatchObject({ occurredAt: null, matchId: null, hasEvidence: false });
  });

  it('stays the same with what is known, and with what came to pass before it', () => {
    const moved = rerouted(filed, 'macro');
    const [first, second] = [attach(undefined, filed, rules), attach(undefined, moved, rules)];
    expect(attach(first, filed, rules)).toBe(first);
    expect(attach(second, moved, rules)).toBe(second);
    expect(attach(second, filed, rules)).toBe(second);
    expect(attach(first, moved, rules)).toEqual(second);
  });
});
