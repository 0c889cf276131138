import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { caseIdOf, versionOf } from '@ringside/casework';
import { isoTime, uuidv7 } from '@ringside/core';
import { caseNoted, createEvent, sanctionImposed, sanctionReversed, type RingsideEvent } from '@ringside/events';
import {
  aReport,
  openTestDrivers,
  openTestRing,
  progressed,
  rerouted,
  suppressed,
  type TestDrivers,
  type TestRing,
} from '@ringside/testing';

import { awaitVersion } from './await-version.js';
import { backgroundOf } from './case-background.js';
import type { CaseView } from './case-queries.js';
import type { Dossier } from './dossier.js';
import { dueCases } from './due-cases.js';
import { BatchProjector } from './project-batch.js';
import { readingService as service, rules } from './reading-team.fixture.js';
import { tablesOf, type Subscriber } from './subscriber.js';
import { subscriberOf } from './team.js';
import { Views } from './views.js';

const now = Date.UTC(2026, 0, 31, 14);
const of = (subjectId: string) => ({ team: 'testing', game: 'stormfall', subjectId });
const idOf = (subjectId: string): string => caseIdOf('testing', 'stormfall', subjectId);

describe('the routes of cases', () => {
  let ring: TestRing;
  beforeAll(async () => {
    ring = await openTestRing([service], { clock: () => now });
  });
  afterAll(() => ring.close());

  const get = <Body>(path: string) => ring.request<Body>(service.name, path);
  const given = async (...events: readonly RingsideEvent[]): Promise<void> => {
    await ring.publish(...events);
    await ring.settle();
  };
  const claimed = (by: string, until: string) => ({ claim: { by, until }, acknowledgedAt: '2026-01-31T13:00:00.000Z' });

  it('list what somebody holds, and as open what nobody does since a lease ran out', async () => {
    const later = '2026-01-31T15:00:00.000Z';
    const earlier = '2026-01-31T13:30:00.000Z';
    await given(
      ...['held', 'lapsed', 'free'].map((subjectId) => aReport({ subjectId, game: 'stormfall', reason: 'macro' })),
      progressed(of('held'), claimed('mira', later)),
      progressed(of('lapsed'), claimed('noor', earlier)),
    );
    const listed = async (query: string): Promise<string[]> =>
      (await get<{ items: CaseView[] }>(`/v1/cases?${query}`)).body.items.map(({ subjectId }) => subjectId).sort();
    type ListPage = { readonly items: readonly CaseView[]; readonly nextCursor: string | null };
    const listPage = (query: string) => get<ListPage>(`/v1/cases?${query}`);
    const inPages = async (query: string): Promise<string[]> => {
      const found: string[] = [];
      for (let cursor: string | null = ''; cursor !== null;) {
        const { body }: Awaited<ReturnType<typeof listPage>> = await listPage(
          `${query}&limit=1${cursor && `&cursor=${cursor}`}`,
        );
        found.push(...body.items.map(({ subjectId }) => subjectId));
        cursor = body.nextCursor;
      }
      return found;
    };
    expect(await listed('status=claimed')).toEqual(['held']);
    expect(await listed('assignee=mira')).toEqual(['held']);
    expect(await listed('status=all&assignee=mira')).toEqual(['held']);
    expect(await listed('status=all&assignee=noor')).toEqual([]);
    expect(await listed('status=open&assignee=mira')).toEqual([]);
    expect(await listed('status=open')).toEqual(['free', 'lapsed']);
    expect(await listed('status=all')).toEqual(['free', 'held', 'lapsed']);
    let caseVersion = 1;
    for (const sort of ['priority', 'oldest', 'newest']) {
      const all = await inPages(`status=open&reason=macro&sort=${sort}`);
      await given(progressed(of('lapsed'), { caseVersion: ++caseVersion, claim: null })); // as the sweep will say
      expect(await inPages(`status=open&reason=macro&sort=${sort}`)).toEqual(all);
      expect([...all].sort()).toEqual(['free', 'lapsed']);
      await given(progressed(of('lapsed'), { caseVersion: ++caseVersion, ...claimed('noor', earlier) }));
    }
    expect((await get<CaseView>(`/v1/cases/${idOf('held')}`)).body).toMatchObject({ status: 'claimed', claim: { by: 'mira' } });
    expect((await get<CaseView>(`/v1/cases/${idOf('lapsed')}`)).body).toMatchObject({ status: 'open', claim: null });
  });

  it('show a case as it is for a time that has not come: nobody knows who will hold it then', async () => {
    const { body } = await get<CaseView>(`/v1/cases/${idOf('held')}`);
    expect(body.status).toBe('claimed');
    expect((await get(`/v1/cases/${idOf('held')}?at=2099-01-01T00:00:00Z`)).body).toEqual(body);
  });

  it('show what a priority is made of in numbers that can be read', async () => {
    await given(aReport({ subjectId: 'rounded', filedAt: '2026-01-31T12:10:00.000Z' }));
    const { score, factors } = (await get<CaseView>(`/v1/cases/${idOf('rounded')}`)).body.priority;
    expect(factors.find(({ name }) => name === 'recency')).toMatchObject({ value: 0.9809 }); // 2^(-2/72)
    const numbers = [score, ...factors.map(({ value }) => value)];
    for (const number of numbers) expect(number).toBe(Number(number.toPrecision(4)));
    expect(factors.reduce((product, { value }) => product * value, 1) / score).toBeCloseTo(1, 3);
  });

  it('show a case with its claim and its decisions as of a time', async () => {
    const report = aReport({ subjectId: 'past' });
    const decision = { reportIds: [report.data.reportId] };
    const until = '2026-01-31T13:01:30.000Z';
    await given(
      report,
      progressed(of('past'), { caseVersion: 1, ...claimed('mira', until) }), // at 13:01
      progressed(of('past'), { caseVersion: 2, decision }), // at 13:02
      progressed(of('past'), { caseVersion: 3, decision: { decisionId: `${idOf('past')}.2`, state: 'reverted' } }),
    );
    const at = async (time: string) => (await get<CaseView>(`/v1/cases/${idOf('past')}?at=2026-01-31T${time}Z`)).body;
    expect(await at('13:00:00')).toMatchObject({ status: 'open', version: 1, claim: null, decisions: [] });
    expect(await at('13:01:00')).toMatchObject({
      status: 'claimed',
      claim: { by: 'mira' },
      version: versionOf({ streamVersion: 1, revision: 2 }),
    });
    expect(await at('13:01:45')).toMatchObject({ status: 'open', claim: null });
    expect(await at('13:02:00')).toMatchObject({ status: 'decided', openReports: 0, decisions: [{ state: 'in_effect' }] });
    expect(await at('13:03:00')).toMatchObject({ status: 'open', openReports: 1, decisions: [{ state: 'reverted' }] });
  });

  it('have the steps of a case in its timeline, page by page, in the order of time', async () => {
    const note = (caseVersion: number, minute: number) =>
      createEvent(caseNoted, {
        data: { ...of('noted'), caseId: idOf('noted'), caseVersion, by: 'mira', text: `Note ${caseVersion}` },
        time: isoTime(now + minute * 60_000),
        region: 'local',
        source: 'testing-team',
      });
    const reports = [0, 3].map((minute) => aReport({ subjectId: 'noted', filedAt: isoTime(now + minute * 60_000) }));
    const [first, second] = [note(1, 1), note(2, 2)];
    await given(...reports, second, first, progressed(of('noted')));
    type Part = { readonly items: readonly { readonly type: string }[]; readonly nextCursor: string | null };
    const types: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const { body }: { body: Part } = await get(`/v1/cases/${idOf('noted')}/timeline?limit=1${cursor && `&cursor=${cursor}`}`);
      types.push(...body.items.map(({ type }) => type));
      cursor = body.nextCursor;
    }
    expect(types).toEqual(['ReportFiled', 'CaseNoted', 'CaseNoted', 'ReportFiled']);
  });

  it('wait for a version, and say so where it does not come', async () => {
    await given(aReport({ subjectId: 'awaited' }));
    const caseId = idOf('awaited');
    const wanted = versionOf({ streamVersion: 1, revision: 1 });
    const waiting = get<CaseView>(`/v1/cases/${caseId}?minVersion=${wanted}`);
    await ring.publish(progressed(of('awaited'), claimed('mira', '2026-01-31T15:00:00.000Z')));
    expect(await waiting).toMatchObject({ status: 200, body: { version: versionOf({ streamVersion: 1, revision: 2 }) } });
    const listed = await get<{ items: CaseView[] }>(`/v1/cases?status=all&minVersion=${caseId}:${wanted}`);
    expect(listed.status).toBe(200);
    // A version alone is of any case: what was published before is shown, whichever case it is of.
    await ring.publish(progressed(of('awaited'), claimed('ada', '2026-01-31T16:00:00.000Z')), aReport({ subjectId: 'beside' }));
    const all = await get<{ items: CaseView[] }>(`/v1/cases?status=all&limit=200&minVersion=${wanted}`);
    expect(all.status).toBe(200);
    expect(all.body.items.map(({ caseId: listed }) => listed)).toContain(idOf('beside'));
    const never = versionOf({ streamVersion: 9, revision: 0 });
    for (const path of [`${caseId}?minVersion=${never}`, `${caseId}/timeline?minVersion=${never}`]) {
      const { status, headers, body } = await get(`/v1/cases/${path}`);
      expect([status, headers.get('retry-after')]).toEqual([202, '1']);
      expect(body).toMatchObject({ status: 'pending', caseId, minVersion: never });
    }
  });

  it('show the sanctions of a decision with the decision, which come by another topic', async () => {
    const caseId = idOf('barred');
    const report = aReport({ subjectId: 'barred' });
    await given(report);
    const dossier = () => {
      const minVersion = `${caseId}:${versionOf({ streamVersion: 1, revision: 0 })}`;
      return get<Partial<Dossier>>(`/v1/players/barred?minVersion=${minVersion}`);
    };
    const decision = { reportIds: [report.data.reportId], sanctioned: true };
    await given(progressed(of('barred'), { caseVersion: 1, decision }));
    expect(await dossier()).toMatchObject({ status: 202, body: { status: 'pending', caseId } });
    const waiting = dossier();
    const origin = { time: isoTime(now), region: 'local', source: 'testing-team' };
    const decisionId = `${caseId}.1`;
    const about = { sanctionId: `${decisionId}.1`, playerId: 'barred', game: 'stormfall', team: 'testing', caseId, decisionId };
    const terms = { kind: 'ban' as const, from: isoTime(now), until: null, strikeUntil: '2027-01-31T14:00:00.000Z' };
    await ring.publish(createEvent(sanctionImposed, { ...origin, data: { ...about, ...terms } }));
    expect(await waiting).toMatchObject({ status: 200, body: { sanctions: { imposed: [{ decisionId }] } } });
    await given(progressed(of('barred'), { caseVersion: 2, decision: { decisionId, state: 'reverted' } }));
    expect(await dossier()).toMatchObject({ status: 202 });
    await given(createEvent(sanctionReversed, { ...origin, data: { ...about, because: 'reverted' as const } }));
    expect(await dossier()).toMatchObject({ status: 200, body: { sanctions: { inForce: [] } } });
  });

  it.each([
    [`/v1/cases/${idOf('nobody')}?minVersion=1`, 404],
    [`/v1/cases/${idOf('nobody')}?minVersion=-1`, 400],
    [`/v1/cases?minVersion=7`, 200],
    [`/v1/cases?minVersion=7:7`, 400],
    [`/v1/cases/${idOf('nobody')}/reports?minVersion=1&minVersion=2`, 400],
  ])('answer %s with %i', async (path, status) => {
    expect((await get(path)).status).toBe(status);
  });
});

describe('what the views know for a command', () => {
  let drivers: TestDrivers;
  let views: Views;
  let ordinal = 0;
  const subscriber: Subscriber = subscriberOf({ service: 'testing-team', rules, projections: [], reactions: [] });
  beforeAll(async () => {
    drivers = await openTestDrivers();
    views = await Views.current(await drivers.store('testing-team'), 'testing-team');
    await views.createTables(tablesOf(subscriber));
  });
  afterAll(() => drivers.close());

  const given = async (...events: readonly RingsideEvent[]): Promise<void> => {
    const projector = new BatchProjector(subscriber, views);
    await projector.fetch(events);
    for (const event of events) await projector.project({ event, source: 'reports/0', ordinal: ++ordinal });
    const { rows, last } = await projector.writes();
    await views.store.write(rows, { last });
  };
  const openAt = async (subjectId: string, revision: number): Promise<string[]> => {
    const query = { caseId: idOf(subjectId), subjectId, revision, at: isoTime(now) };
    return (await backgroundOf(views, query)).openReports.map(({ reportId }) => reportId);
  };

  it('has the reports that whoever decides had seen, and that are open', async () => {
    const filed = Array.from({ length: 5 }, (_, i) => aReport({ subjectId: 's', reportId: uuidv7(now + i) }));
    const [a, b, c, d, e] = filed.map(({ data }) => data.reportId);
    await given(aReport({ subjectId: 'another' }), filed[0]!, filed[1]!);
    await given(progressed(of('s'), { caseVersion: 1 }), aReport({ subjectId: 'another' }), filed[2]!);
    expect(await openAt('s', 2)).toEqual([a, b]);
    expect(await openAt('s', 3)).toEqual([a, b]);
    expect(await openAt('s', 4)).toEqual([a, b, c]);
    await given(progressed(of('s'), { caseVersion: 2, decision: { reportIds: [a!, b!] } }), filed[3]!, filed[4]!);
    expect(await openAt('s', 5)).toEqual([c]);
    expect(await openAt('s', 99)).toEqual([c, d, e]);
    // What is taken back is open again for whoever had seen it before, though its rows were written since.
    const revert = { decisionId: `${idOf('s')}.2`, state: 'reverted' as const };
    await given(progressed(of('s'), { caseVersion: 3, decision: { ...revert, reportIds: [a!, b!] } }));
    expect(await openAt('s', 4)).toEqual([a, b, c]);
  });

  it('has what does not count apart: of alike reports the later ones, and suppressed ones, until they are decided as well', async () => {
    const alike = [0, 1].map((i) => aReport({ subjectId: 't', matchId: 'm', reportId: uuidv7(now + i) }));
    const left = aReport({ subjectId: 't', reportId: uuidv7(now + 2) });
    const [first, copy, out] = [...alike, left].map(({ data }) => data.reportId) as [string, string, string];
    const because = { because: 'daily_limit' as const, suppressed: true, revision: 1 };
    await given(...alike.toReversed(), left, suppressed(of('t'), { reportId: out, ...because }));
    const seen = async (revision: number) => {
      const query = { caseId: idOf('t'), subjectId: 't', revision, at: isoTime(now) };
      const { openReports, uncounted = [] } = await backgroundOf(views, query);
      return [openReports, uncounted].map((reports) => reports.map(({ reportId }) => reportId).sort());
    };
    expect(await seen(9)).toEqual([[first], [copy, out]]);
    expect(await seen(1)).toEqual([[], [copy]]);
    await given(progressed(of('t'), { caseVersion: 1, decision: { reportIds: [first, out] } }));
    expect(await seen(9)).toEqual([[], [copy]]);
    await given(progressed(of('t'), { caseVersion: 2, decision: { reportIds: [copy] } }));
    expect(await seen(9)).toEqual([[], []]);
  });

  it('lists leases and deadlines by their time, and proposals by when they were made', async () => {
    const until = '2026-01-31T13:30:00.000Z';
    const report = aReport({ subjectId: 'due' });
    await given(report, progressed(of('due'), { caseVersion: 1, claim: { by: 'mira', until } }));
    const caseId = idOf('due');
    expect(await dueCases(views, { kind: 'lease', to: '2026-01-31T14:00:00.000Z', limit: 10 })).toEqual([
      { caseId, at: until },
    ]);
    expect(await dueCases(views, { kind: 'lease', to: until, limit: 10 })).toEqual([]);
    const deadlines = await dueCases(views, { kind: 'decide', from: '2026-02-03T12:00:00.000Z', to: '2026-02-04', limit: 50 });
    expect(deadlines).toContainEqual({ caseId, at: '2026-02-03T12:00:00.000Z' });
    const decision = { state: 'proposed' as const, reportIds: [report.data.reportId] };
    await given(progressed(of('due'), { caseVersion: 2, decision }));
    expect(await dueCases(views, { kind: 'lease', to: '2027', limit: 10 })).toEqual([]);
    expect(await dueCases(views, { kind: 'proposal', to: '2027', limit: 10 })).toMatchObject([{ caseId }]);
    await given(rerouted(report, 'threat'));
    expect((await dueCases(views, { kind: 'proposal', to: '2027', limit: 10 })).length).toBe(1);
  });

  it('waits for a version no longer than it may', async () => {
    await given(aReport({ subjectId: 'young' }));
    expect(await awaitVersion(views, idOf('young'), 1)).toBe(1);
    expect(await awaitVersion(views, idOf('young'), 2, 20)).toBe(1);
    expect(await awaitVersion(views, idOf('nobody'), 2)).toBeUndefined();
  });
});
