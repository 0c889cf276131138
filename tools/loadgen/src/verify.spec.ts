import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { reportReasons } from '@ringside/events';
import { expectationOf, type SentReport } from './expectation.js';
import { generateReports } from './generate-reports.js';
import type { ReportForm } from './report-form.js';
import { startFakeTeam, type FakeTeam, type Filed } from './teams.fixture.js';
import { verify, type Verdict } from './verify.js';

const reportsSent = 120;
let teams: readonly FakeTeam[];
let sent: SentReport[];

const team = (name: string): FakeTeam => teams.find((one) => one.name === name)!;
const hasEvidence = (form: ReportForm): boolean => form.description !== undefined || form.evidence !== undefined;

/** Puts a report on file with a team, evidence and all. */
function file(at: FakeTeam, filed: Filed): void {
  at.filed.push(filed);
  if (hasEvidence(filed.form)) at.evidence.push(filed.reportId);
}

function takeAway(from: FakeTeam, { reportId }: Filed): void {
  from.filed.splice(
    from.filed.findIndex((filed) => filed.reportId === reportId),
    1,
  );
  const evidence = from.evidence.indexOf(reportId);
  if (evidence >= 0) from.evidence.splice(evidence, 1);
}

/** Where a report must be, said once more and more plainly than in the code under test. */
function ownersOf({ reason }: ReportForm): readonly string[] {
  if (reason === 'spam') return ['abuse', 'cheating'];
  if (['aimbot', 'wallhack', 'speedhack', 'macro', 'boosting', 'account_sharing'].includes(reason)) return ['cheating'];
  return ['griefing', 'other'].includes(reason) ? ['others-triage'] : ['abuse'];
}

const check = (): Promise<Verdict> =>
  verify({
    teams: teams.map(({ client }) => client),
    expectation: expectationOf(sent, reportReasons),
    width: 8,
    patienceMs: 0,
  });

const kinds = ({ differences }: Verdict): readonly string[] => [...new Set(differences.map(({ kind }) => kind))].sort();

beforeEach(async () => {
  teams = await Promise.all(['cheating', 'abuse', 'others-triage'].map(startFakeTeam));
  const stream = generateReports({ seed: 'verify', run: 'v', startedAt: Date.parse('2026-01-31T12:00:00.000Z') });
  sent = Array.from({ length: reportsSent }, () => {
    const { number, form } = stream.next().value;
    const reportId = `report-${number}`;
    for (const owner of ownersOf(form)) file(team(owner), { reportId, form });
    return { form, outcome: { kind: 'accepted', reportId, latencyMs: 1, acceptedAt: 1 } };
  });
});

afterEach(() => Promise.all(teams.map((one) => one.close())));

describe('verify', () => {
  it('finds nothing where everything is in its place', async () => {
    const verdict = await check();
    expect(verdict.differences).toEqual([]);
    const spam = sent.filter(({ form }) => form.reason === 'spam').length;
    expect(spam).toBeGreaterThan(0);
    expect(verdict.reports).toBe(reportsSent + spam);
  });

  it('finds a lost report', async () => {
    const lost = team('abuse').filed.find(({ form }) => hasEvidence(form))!;
    takeAway(team('abuse'), lost);
    const { differences } = await check();
    expect(differences).toContainEqual(expect.objectContaining({ kind: 'lost', team: 'abuse', reportId: lost.reportId }));
  });

  it('finds a report that one of its two teams lacks', async () => {
    const spam = team('cheating').filed.find(({ form }) => form.reason === 'spam')!;
    takeAway(team('cheating'), spam);
    const { differences } = await check();
    expect(differences).toContainEqual(expect.objectContaining({ kind: 'lost', team: 'cheating', reportId: spam.reportId }));
  });

  it('finds a report that is in its case twice, under one id', async () => {
    const doubled = team('cheating').filed[7]!;
    team('cheating').filed.push(doubled);
    const { differences } = await check();
    expect(differences).toContainEqual(expect.objectContaining({ kind: 'doubled', reportId: doubled.reportId }));
  });

  it('finds a report that was stored twice, under two ids', async () => {
    file(team('cheating'), { reportId: 'second', form: team('cheating').filed[7]!.form });
    const { differences } = await check();
    expect(differences).toContainEqual(expect.objectContaining({ kind: 'doubled', reportId: 'second' }));
  });

  it('finds a report that another team has as well', async () => {
    const misplaced = team('abuse').filed.find(({ form }) => form.reason !== 'spam')!;
    file(team('cheating'), misplaced);
    const { differences } = await check();
    expect(differences).toContainEqual(
      expect.objectContaining({ kind: 'misplaced', team: 'cheating', reportId: misplaced.reportId }),
    );
  });

  it("finds a report that is in another subject's case", async () => {
    const [first, ...others] = team('abuse').filed;
    const other = others.find(({ form }) => form.subjectId !== first!.form.subjectId)!;
    first!.form = { ...first!.form, subjectId: other.form.subjectId, game: other.form.game };
    const verdict = await check();
    expect(kinds(verdict)).toEqual(expect.arrayContaining(['lost', 'misplaced']));
  });

  it('finds a report that nobody sent', async () => {
    const form = { ...team('abuse').filed[0]!.form, reporterId: 'nobody' };
    file(team('abuse'), { reportId: 'foreign', form });
    const { differences } = await check();
    expect(differences).toContainEqual(expect.objectContaining({ kind: 'foreign', team: 'abuse', reportId: 'foreign' }));
  });

  it('finds a report that was refused and is there', async () => {
    const [{ form }] = sent as [SentReport];
    sent[0] = { form, outcome: { kind: 'refused', problem: 'invalid_request' } };
    expect(kinds(await check())).toContain('foreign');
  });

  it.each([
    ['reporter', { reporterId: 'somebody-else' }],
    ['reason', { reason: 'macro' as const }],
    ['match', { matchId: 'another' }],
    ['time', { occurredAt: '2026-01-01T00:00:00.000Z' }],
  ])('finds a report with another %s', async (_field, change) => {
    const altered = team('cheating').filed.find(({ form }) => form.reason === 'aimbot')!;
    altered.form = { ...altered.form, ...change };
    const { differences } = await check();
    expect(differences).toContainEqual(expect.objectContaining({ kind: 'altered', reportId: altered.reportId }));
  });

  it('finds figures that are not those of the reports', async () => {
    team('others-triage').miscount = 1;
    expect(kinds(await check())).toEqual(['miscounted']);
  });

  it('finds evidence that is missing, doubled or not to be there', async () => {
    const { evidence, filed } = team('abuse');
    const lost = evidence.shift()!;
    evidence.push(evidence[0]!);
    const without = filed.find(({ form }) => !hasEvidence(form))!;
    evidence.push(without.reportId);
    const { differences } = await check();
    expect(differences.map(({ kind, reportId }) => [kind, reportId])).toEqual(
      expect.arrayContaining([
        ['lost', lost],
        ['doubled', evidence[0]],
        ['foreign', without.reportId],
      ]),
    );
  });

  it('finds a case that the open list leaves out', async () => {
    const [about] = await team('abuse').client.casesAbout(team('abuse').filed[0]!.form.subjectId);
    team('abuse').unlisted.add(about!.caseId);
    expect(kinds(await check())).toEqual(['unlisted']);
  });

  describe('with reports whose outcome nobody learned', () => {
    const forget = (index: number): SentReport => {
      const { form } = sent[index]!;
      return (sent[index] = { form, outcome: { kind: 'unknown', because: 'ECONNRESET' } });
    };

    it('takes one that is there, and counts it', async () => {
      forget(3);
      const { differences, unknownFound } = await check();
      expect(differences).toEqual([]);
      expect(unknownFound).toBe(ownersOf(sent[3]!.form).length);
    });

    it('takes one that is not there', async () => {
      const { form } = forget(3);
      for (const owner of ownersOf(form)) takeAway(team(owner), { reportId: 'report-4', form });
      const { differences, unknownFound } = await check();
      expect(differences).toEqual([]);
      expect(unknownFound).toBe(0);
    });

    it('finds one that is there twice', async () => {
      const { form } = forget(sent.findIndex((one) => !hasEvidence(one.form)));
      for (const owner of ownersOf(form)) file(team(owner), { reportId: 'again', form });
      expect(kinds(await check())).toEqual(['doubled', 'miscounted']);
    });
  });

  it('waits for reports that come late', async () => {
    const late = team('abuse').filed.slice(0, 5);
    for (const filed of late) takeAway(team('abuse'), filed);
    let rounds = 0;
    const verdict = await verify({
      teams: teams.map(({ client }) => client),
      expectation: expectationOf(sent, reportReasons),
      width: 8,
      patienceMs: 10_000,
      onProgress: (phase, done, total) => {
        if (phase === 'waiting' && done === total && ++rounds === 2) for (const filed of late) file(team('abuse'), filed);
      },
    });
    expect(verdict.differences).toEqual([]);
    expect(rounds).toBeGreaterThanOrEqual(3);
  });
});
