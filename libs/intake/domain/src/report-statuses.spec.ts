import { describe, expect, it } from '@jest/globals';
import { uuidv7, type JsonObject } from '@ringside/core';
import type { ReportFiled, RingsideEvent } from '@ringside/events';
import { caseHistories, play, progressed, rerouted, type PlayedView } from '@ringside/testing';
import fc from 'fast-check';
import {
  caseStandings,
  decisionsNaming,
  reportEvents,
  reportStatuses,
  reportStatusRow,
  statusOf,
  type CaseStanding,
  type DecisionOnRecord,
  type ReportDecisions,
  type ReportOnFile,
  type ReportRoute,
  type ReportStatus,
} from './index.js';

const filedAt = '2026-01-31T12:00:00.000Z';
const reportId = uuidv7(Date.parse(filedAt));
const form = { game: 'arena', reporterId: 'player-1', subjectId: 'player-2', reason: 'aimbot', description: 'words' } as const;
const [evidence, filed] = reportEvents(form, {
  ...{ reportId, filedAt, region: 'local', source: 'report-intake' },
  subjectHomeRegion: 'local',
});

describe('ReportStatuses', () => {
  it('leaves what is there when the report comes twice', () => {
    const known: JsonObject = { reportId };
    expect(reportStatuses.project(filed!, { get: () => known })).toEqual([]);
  });

  it('passes over what is not a report', () => {
    expect(reportStatuses.entity(evidence!)).toBeUndefined();
    expect(reportStatuses.entity(filed!)).toEqual(reportStatusRow(reportId));
  });
});

/** The status as the views have it after these events. */
function statusAfter(...events: readonly RingsideEvent[]): ReportStatus {
  const rows: PlayedView = play([reportStatuses, caseStandings], events);
  const rowsOf = (prefix: string) => [...rows].filter(([name]) => name.startsWith(prefix));
  const route = rows.get(`report_status/${reportId}/route`) as unknown as ReportRoute | undefined;
  const report = rows.get(`report_status/${reportId}/status`) as unknown as ReportOnFile;
  const handlings = rowsOf('subject_cases/').map(([, { caseId }]) => {
    const named = rows.get(`case_standings/${String(caseId)}/report/${reportId}`) as unknown as ReportDecisions | undefined;
    const standing = rows.get(`case_standings/${String(caseId)}/standing`) as unknown as CaseStanding;
    const decisions = rowsOf(`case_standings/${String(caseId)}/decision/`).map(
      ([name, row]) => [name.split('/').at(-1)!, row as unknown as DecisionOnRecord] as const,
    );
    return { standing, decisions: decisionsNaming(named ?? { named: {} }, new Map(decisions), standing.terms) };
  });
  return statusOf(report, route?.reasons ?? [report.reason], handlings);
}

const cheating = { team: 'cheating', game: 'arena', subjectId: 'player-2' };
const abuse = { ...cheating, team: 'abuse' };
const claim = { by: 'worker-1', until: '2026-01-31T13:00:00.000Z' };
const covering = (verdict: 'uphold' | 'dismiss') => ({ reportIds: [reportId], verdict, sanctioned: verdict === 'uphold' });

describe('the status of a report', () => {
  it('is received at first, and says nothing of whom it is about or what was imposed', () => {
    const { reason } = form;
    expect(statusAfter(filed!)).toEqual({ reportId, reason, filedAt, status: 'received', outcome: null });
    const closed = statusAfter(filed!, progressed(cheating, { decision: covering('uphold') }));
    expect(closed).toEqual({ reportId, reason, filedAt, status: 'closed', outcome: 'action_taken' });
  });

  it('is in review once a team that holds it takes the case on', () => {
    expect(statusAfter(filed!, progressed(cheating, { claim }))).toMatchObject({ status: 'in_review', outcome: null });
    expect(statusAfter(filed!, progressed(cheating, { acknowledgedAt: filedAt }))).toMatchObject({ status: 'in_review' });
    expect(statusAfter(filed!, progressed(abuse, { claim }))).toMatchObject({ status: 'received' });
    const before = '2026-01-30T12:00:00.000Z';
    expect(statusAfter(filed!, progressed(cheating, { acknowledgedAt: before }))).toMatchObject({ status: 'received' });
  });

  it('is in review while a decision waits for approval, and again once it was taken back', () => {
    const decision = { ...covering('uphold'), decisionId: 'd' };
    const proposed = progressed(cheating, { caseVersion: 1, decision: { ...decision, state: 'proposed' } });
    const approved = progressed(cheating, { caseVersion: 2, decision });
    const reverted = progressed(cheating, { caseVersion: 3, decision: { ...decision, reportIds: [], state: 'reverted' } });
    expect(statusAfter(filed!, proposed)).toMatchObject({ status: 'in_review' });
    expect(statusAfter(filed!, proposed, approved)).toMatchObject({ status: 'closed', outcome: 'action_taken' });
    expect(statusAfter(reverted, approved, filed!, proposed)).toMatchObject({ status: 'in_review', outcome: null });
  });

  it('is closed by action that one team took, and without any once each that holds it has decided', () => {
    const spam: RingsideEvent = { ...filed!, data: { ...filed!.data, reason: 'spam' } } as RingsideEvent;
    const dismissed = progressed(abuse, { decision: covering('dismiss') });
    expect(statusAfter(spam, dismissed)).toMatchObject({ status: 'in_review', outcome: null });
    expect(statusAfter(spam, progressed(cheating, { claim }), dismissed)).toMatchObject({ status: 'in_review', outcome: null });
    const decidedBoth = (verdict: 'uphold' | 'dismiss') =>
      statusAfter(spam, progressed(cheating, { decision: covering(verdict) }), dismissed);
    expect(decidedBoth('dismiss')).toMatchObject({ status: 'closed', outcome: 'no_action' });
    expect(decidedBoth('uphold')).toMatchObject({ status: 'closed', outcome: 'action_taken' });
    expect(statusAfter(spam, progressed(cheating, { decision: covering('uphold') }))).toMatchObject({
      outcome: 'action_taken',
    });
  });

  it('waits for the team that a rerouting gives it to, and no longer for the one before', () => {
    const dismissedBy = (team: typeof cheating) => progressed(team, { decision: covering('dismiss') });
    const moved = rerouted(filed as ReportFiled, 'harassment');
    expect(statusAfter(filed!, moved, dismissedBy(cheating))).toMatchObject({ status: 'in_review', outcome: null });
    expect(statusAfter(filed!, moved, dismissedBy(abuse))).toMatchObject({ status: 'closed', outcome: 'no_action' });
    const toTriage = rerouted(filed as ReportFiled, 'other');
    const triage = dismissedBy({ ...cheating, team: 'some-triage' });
    expect(statusAfter(filed!, toTriage, dismissedBy(cheating))).toMatchObject({ status: 'in_review' });
    expect(statusAfter(filed!, toTriage, triage)).toMatchObject({ status: 'closed', outcome: 'no_action' });
  });

  it('of what nobody owns is told by a team that owns no reason', () => {
    const other: RingsideEvent = { ...filed!, data: { ...filed!.data, reason: 'other' } } as RingsideEvent;
    const triaged = progressed({ ...cheating, team: 'some-triage' }, { claim });
    expect(statusAfter(other, triaged)).toMatchObject({ status: 'in_review' });
    expect(statusAfter(filed!, triaged)).toMatchObject({ status: 'received' });
  });
});

describe('CaseStandings', () => {
  it('gives the same rows in whichever order the events come, and however often', () => {
    const shuffled = caseHistories('cheating').chain((events) =>
      fc.tuple(fc.constant(events), fc.shuffledSubarray([...events, ...events], { minLength: 2 * events.length })),
    );
    fc.assert(
      fc.property(shuffled, ([events, otherOrder]) => {
        const view = (some: readonly RingsideEvent[]) => [...play([reportStatuses, caseStandings], some)];
        expect(view(otherOrder)).toEqual(view(events));
      }),
    );
  });
});
