import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aReport, evidenceOf, openTestRing, rerouted, type TestRing } from '@ringside/testing';

import { service } from './cheating-team.js';

interface Case {
  caseId: string;
  version: number;
  reportCount: number;
  status: string;
}
interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

let ring: TestRing;
const get = <Body>(path: string) => ring.request<Body>('cheating-team', path);
const caseAbout = async (subjectId: string): Promise<Case> => {
  const { body } = await get<{ cases: Case[] }>(`/v1/players/${encodeURIComponent(subjectId)}`);
  expect(body.cases).toHaveLength(1);
  return body.cases[0]!;
};

beforeAll(async () => {
  ring = await openTestRing([service], { clock: () => Date.UTC(2026, 0, 31, 13) });
});
afterAll(() => ring.close());

describe('cheating-team', () => {
  it('shows a case with all that the API promises', async () => {
    await ring.publish(aReport({ subjectId: 'shown', reason: 'aimbot' }), aReport({ subjectId: 'shown', reason: 'spam' }));
    await ring.settle();
    const { caseId } = await caseAbout('shown');
    const { status, body, headers } = await get<Case>(`/v1/cases/${caseId}`);
    expect(status).toBe(200);
    expect(headers.get('etag')).toBe('"2"');
    expect(body).toEqual({
      caseId,
      team: 'cheating',
      game: 'stormfall',
      subjectId: 'shown',
      homeRegion: 'local',
      status: 'open',
      version: 2,
      priority: { score: 4, factors: expect.any(Array) },
      reportCount: 2,
      distinctReporters: 1,
      openReports: 2,
      reasons: { aimbot: 1, spam: 1 },
      claim: null,
      openedAt: '2026-01-31T12:00:00.000Z',
      lastReportedAt: '2026-01-31T12:00:00.000Z',
      dueAt: '2026-02-03T12:00:00.000Z',
      acknowledgedAt: null,
      heldSince: null,
      escalated: false,
      decisions: [],
    });
  });

  it('passes over the reports of other teams', async () => {
    await ring.publish(aReport({ subjectId: 'rude', reason: 'harassment' }));
    await ring.settle();
    expect((await get<{ cases: Case[] }>('/v1/players/rude')).body.cases).toEqual([]);
  });

  it('lists cases in each order, page by page, filtered by game and reason', async () => {
    const times = ['01', '02', '03', '04', '05'].map((day) => `2026-01-${day}T00:00:00.000Z`);
    const reports = times.flatMap((filedAt, i) =>
      Array.from({ length: 2 ** i }, (_, j) =>
        aReport({ subjectId: `listed-${i}`, reporterId: `r${j}`, game: 'kickoff', reason: 'boosting', filedAt }),
      ),
    );
    await ring.publish(...reports);
    await ring.settle();
    const listed = async (query: string): Promise<string[]> => {
      const subjects: string[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const page: { body: Page<Case & { subjectId: string }> } = await get(
          `/v1/cases?${query}&limit=2${cursor && `&cursor=${cursor}`}`,
        );
        subjects.push(...page.body.items.map(({ subjectId }) => subjectId));
        cursor = page.body.nextCursor;
      }
      return subjects;
    };
    const inOrder = [0, 1, 2, 3, 4].map((i) => `listed-${i}`);
    expect(await listed('game=kickoff&sort=oldest')).toEqual(inOrder);
    expect(await listed('game=kickoff&sort=newest')).toEqual(inOrder.toReversed());
    expect(await listed('reason=boosting&sort=priority')).toEqual(inOrder.toReversed());
    expect(await listed('game=kickoff&reason=aimbot')).toEqual([]);
    expect(await listed('game=kickoff&status=decided')).toEqual([]);
    expect(await listed('game=kickoff&status=all&sort=oldest')).toEqual(inOrder);
    expect(await listed('status=claimed')).toEqual([]);
  });

  it('pages through the reports of a case, its timeline and its evidence', async () => {
    const reports = Array.from({ length: 7 }, (_, i) =>
      aReport({ subjectId: 'often', filedAt: `2026-01-30T0${i}:00:00.000Z` }),
    );
    await ring.publish(...reports, evidenceOf(reports[3]!, { description: 'Seen through smoke.' }));
    await ring.settle();
    const { caseId } = await caseAbout('often');
    const first = await get<Page<{ reportId: string }>>(`/v1/cases/${caseId}/reports?limit=5`);
    const second = await get<Page<{ reportId: string }>>(`/v1/cases/${caseId}/reports?limit=5&cursor=${first.body.nextCursor}`);
    const ids = [...first.body.items, ...second.body.items].map(({ reportId }) => reportId);
    expect(ids).toEqual(reports.map(({ data }) => data.reportId));
    expect(second.body.nextCursor).toBeNull();
    const timeline = await get<Page<{ at: string; type: string }>>(`/v1/cases/${caseId}/timeline`);
    expect(timeline.body.items.map(({ at }) => at)).toEqual(reports.map(({ time }) => time));
    const evidence = await get<Page<{ reportId: string; description: string }>>(`/v1/cases/${caseId}/evidence`);
    expect(evidence.body.items).toMatchObject([{ reportId: ids[3], description: 'Seen through smoke.' }]);
  });

  it('shows a case as it stood at a time', async () => {
    const reports = ['09', '10', '11'].map((hour) => aReport({ subjectId: 'past', filedAt: `2026-01-30T${hour}:00:00.000Z` }));
    await ring.publish(...reports, rerouted(reports[0]!, 'harassment'));
    await ring.settle();
    const { caseId, reportCount } = await caseAbout('past');
    expect(reportCount).toBe(2);
    const at = async (time: string) => get<Case>(`/v1/cases/${caseId}?at=${encodeURIComponent(time)}`);
    expect((await at('2026-01-30T08:59:59.999Z')).status).toBe(404);
    expect((await at('2026-01-30T09:00:00.000Z')).body).toMatchObject({ version: 1, reportCount: 1 });
    expect((await at('2026-01-30T09:01:00.000Z')).body).toMatchObject({ version: 2, reportCount: 0, status: 'decided' });
    expect((await at('2026-01-30T12:00:00+01:00')).body).toMatchObject({ version: 4, reportCount: 2 });
    for (const end of ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59-23:59']) {
      expect((await at(end)).body).toMatchObject({ version: 4, reportCount: 2 });
    }
  });

  it('counts for a player what was reported, each report once', async () => {
    const filed = aReport({ subjectId: 'measured', reason: 'other' });
    const spam = aReport({ subjectId: 'measured', reason: 'spam', game: 'kickoff' });
    await ring.publish(filed, rerouted(filed, 'macro'), spam, rerouted(spam, 'aimbot'), spam);
    await ring.settle();
    expect((await get('/v1/players/measured/metrics')).body).toEqual({
      playerId: 'measured',
      reports: 2,
      byReason: { other: 1, spam: 1 },
      byGame: { kickoff: 1, stormfall: 1 },
      byDay: { '2026-01-31': 2 },
      firstReportedAt: '2026-01-31T12:00:00.000Z',
      lastReportedAt: '2026-01-31T12:00:00.000Z',
    });
    expect((await get('/v1/players/never-seen/metrics')).status).toBe(404);
  });

  it('has what a player reported about others in their dossier', async () => {
    await ring.publish(
      aReport({ subjectId: 'x', reporterId: 'diligent' }),
      aReport({ subjectId: 'y', reporterId: 'diligent' }),
    );
    await ring.settle();
    const { body } = await get<{ cases: Case[]; reportsFiled: { count: number; recent: object[] } }>('/v1/players/diligent');
    expect(body).toMatchObject({ cases: [], reportsFiled: { count: 2, more: false } });
    expect(body.reportsFiled.recent).toHaveLength(2);
  });

  it('has queue figures per reason and hour', async () => {
    interface Figures {
      openCases: number;
      reasons: { reason: string; captured: number; hourly: { hour: string; captured: number }[] }[];
    }
    const figure = async () => (await get<Figures>('/v1/stats?hours=2')).body;
    const before = await figure();
    await ring.publish(
      aReport({ subjectId: 'counted', reason: 'speedhack' }),
      aReport({ subjectId: 'counted', reason: 'speedhack' }),
    );
    await ring.settle();
    const after = await figure();
    expect(after.openCases).toBe(before.openCases + 1);
    expect(after.reasons.find(({ reason }) => reason === 'speedhack')).toEqual({
      reason: 'speedhack',
      captured: 2,
      hourly: [{ hour: '2026-01-31T12:00:00.000Z', captured: 2 }],
    });
  });

  it.each([
    ['/v1/cases?limit=0', 400],
    ['/v1/cases?limit=201', 400],
    ['/v1/cases?limit=1e2', 400],
    ['/v1/cases?status=closed', 400],
    ['/v1/cases?sort=random', 400],
    ['/v1/cases?colour=red', 400],
    ['/v1/cases?reason=DROP%20TABLE', 400],
    ['/v1/cases?cursor=nonsense', 400],
    ['/v1/cases/unknown', 404],
    ['/v1/cases/unknown/reports', 404],
    ['/v1/cases/unknown/timeline', 404],
    ['/v1/cases/unknown/evidence', 404],
    ['/v1/cases/unknown?at=yesterday', 400],
    ['/v1/cases/unknown?at=2026-W05-6T12:00Z', 400],
    ['/v1/cases/unknown?at=2026-031T12:00:00Z', 400],
    ['/v1/cases/unknown?at=2026-01-31T12Z', 400],
    ['/v1/cases/unknown?at=2026-01-31T12:00:00,5Z', 400],
    ['/v1/cases/unknown?at=2026-01-31T24:00:00Z', 400],
    ['/v1/cases/unknown?at=2026-01-31T12:00:60Z', 400],
    ['/v1/cases/unknown?at=2026-02-30T12:00:00Z', 400],
    ['/v1/players/%00', 400],
    [`/v1/players/${'x'.repeat(129)}`, 400],
    ['/v1/stats?hours=0', 400],
    ['/v1/nothing', 404],
  ])('answers %s with a problem document and %i', async (path, status) => {
    const answer = await get<{ status: number; title: string; type: string }>(path);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({
      status,
      title: expect.any(String),
      type: expect.stringMatching(/^urn:ringside:problem:/),
    });
  });

  it('has no cases of a game that nobody has heard of, whatever it is called', async () => {
    const answer = await get<Page<Case>>(`/v1/cases?game=${encodeURIComponent('漢'.repeat(120))}`);
    expect([answer.status, answer.body.items]).toEqual([200, []]);
  });

  it('refuses a cursor of another list', async () => {
    const { body } = await get<Page<Case>>('/v1/cases?sort=oldest&limit=1');
    expect(body.nextCursor).not.toBeNull();
    expect((await get(`/v1/cases?sort=newest&limit=1&cursor=${body.nextCursor}`)).status).toBe(400);
  });

  it('parks what is not of the contract, counts it, and goes on', async () => {
    await ring.log.append([{ topic: 'reports', key: 'poisoned', id: 'x', bytes: Buffer.from('{"type":"ReportFiled"}') }]);
    await ring.publish(aReport({ subjectId: 'after-poison' }));
    await ring.settle();
    await caseAbout('after-poison');
    const { body: metrics } = await get<string>('/metrics');
    expect(metrics).toMatch(/^ringside_events_parked_total\{topic="reports",reason="malformed"\} 1$/m);
    const partition = (await ring.log.append([{ topic: 'reports', key: 'poisoned', id: 'y', bytes: Buffer.from('{}') }]))[0]!
      .partition;
    await ring.settle();
    const parked = await get<Page<{ reason: string }>>(`/v1/parked?topic=reports&partition=${partition}`);
    expect(parked.body.items.map(({ reason }) => reason)).toEqual(['malformed', 'behind']);
  });
});
