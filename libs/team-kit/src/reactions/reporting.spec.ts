import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { caseIdOf } from '@ringside/casework';
import { isoTime } from '@ringside/core';
import { createEvent, reporterStandingChanged, sanctionImposed, sanctionReversed, type ReportFiled } from '@ringside/events';
import { aReport, openTestRing, progressed, until, type TestRing } from '@ringside/testing';

import type { CaseView } from '../case-queries.js';
import type { Dossier } from '../dossier.js';
import { readingService as service } from '../reading-team.fixture.js';

let ring: TestRing;
beforeAll(async () => {
  ring = await openTestRing([service], { clock: () => Date.UTC(2026, 1, 2, 12) });
});
afterAll(() => ring.close());

const idOf = (subjectId: string): string => caseIdOf('testing', 'stormfall', subjectId);
/** Of a case that is not there yet, a problem document. */
const caseAbout = async (subjectId: string): Promise<CaseView> =>
  (await ring.request<CaseView>(service.name, `/v1/cases/${idOf(subjectId)}`)).body;
const dossier = async (playerId: string): Promise<Dossier> =>
  (await ring.request<Dossier>(service.name, `/v1/players/${playerId}`)).body;
const factor = ({ priority }: CaseView, name: string): number => priority.factors.find((one) => one.name === name)!.value;

/** Reports of one player about as many others, an hour apart from the given hour of January on. */
const reportsBy = (reporterId: string, subject: string, count: number, hour: number): ReportFiled[] =>
  Array.from({ length: count }, (_, i) =>
    aReport({ reporterId, subjectId: `${subject}-${i}`, filedAt: isoTime(Date.UTC(2026, 0, 1, hour + i * 7)) }),
  );

/** What a decision on the report's case comes to. */
const decided = ({ data }: ReportFiled, verdict: 'uphold' | 'dismiss', at: string) => ({
  ...progressed(
    { team: 'testing', game: data.game, subjectId: data.subjectId },
    { decision: { reportIds: [data.reportId], verdict, sanctioned: verdict === 'uphold' } },
  ),
  time: at,
});

describe('reporting', () => {
  it('keeps reports above the daily limit, and leaves them out of the count', async () => {
    const reports = Array.from({ length: 8 }, (_, i) =>
      aReport({ reporterId: 'eager', subjectId: 'flooded', matchId: `m${i}`, filedAt: `2026-01-31T0${i}:00:00.000Z` }),
    );
    const nextDay = aReport({ reporterId: 'eager', subjectId: 'flooded', filedAt: '2026-02-01T01:00:00.000Z' });
    // The last ones come first: those before them move them out of the count afterwards.
    await ring.publish(...reports.slice(5), nextDay);
    await ring.settle();
    await ring.publish(...reports.slice(0, 5));
    await until('five of the day and one of the next count', async () => (await caseAbout('flooded')).reportCount === 6);
    const { body } = await ring.request<{ items: { filedAt: string; suppressed: string[] }[] }>(
      service.name,
      `/v1/cases/${idOf('flooded')}/reports`,
    );
    expect(body.items.map(({ suppressed }) => suppressed)).toEqual([
      ...Array.from({ length: 5 }, () => []),
      ...Array.from({ length: 3 }, () => ['daily_limit']),
      [],
    ]);
  });

  it('counts reports of a danger to somebody, however many their reporter filed', async () => {
    const reports = Array.from({ length: 8 }, (_, i) =>
      aReport({
        ...{ reporterId: 'worried', subjectId: 'in-danger', matchId: `m${i}`, filedAt: `2026-01-31T0${i}:00:00.000Z` },
        reason: i < 6 ? 'aimbot' : 'self_harm',
      }),
    );
    await ring.publish(...reports);
    await until('all but the sixth count', async () => (await caseAbout('in-danger')).reportCount === 7);
    await ring.settle();
    expect(await caseAbout('in-danger')).toMatchObject({ reasons: { aimbot: 5, self_harm: 2 } });
  });

  it('believes a reporter more whose reports were founded: priorities move, and what is known is shown', async () => {
    const reports = reportsBy('keen-eye', 'cheat', 8, 0);
    const [open] = reportsBy('keen-eye', 'cheat-later', 1, 1);
    await ring.publish(...reports, open!);
    await ring.settle();
    expect(factor(await caseAbout('cheat-later-0'), 'reporters')).toBe(1);
    await ring.publish(...reports.map((report) => decided(report, 'uphold', '2026-01-10T00:00:00.000Z')));
    await until(
      'the reporter is believed',
      async () => (await dossier('keen-eye')).reporting.credibility['aimbot'] !== undefined,
    );
    const { reporting } = await dossier('keen-eye');
    expect(reporting).toMatchObject({ standing: 'good', unfounded: 0, credibility: { aimbot: expect.any(Number) } });
    expect(reporting.credibility['aimbot']).toBeGreaterThan(130);
    // Two of them now weigh more than two unknown ones, in a case that is open and in one that opens.
    await ring.publish(aReport({ reporterId: 'keen-eye', subjectId: 'fresh', filedAt: '2026-01-20T00:00:00.000Z' }));
    for (const subjectId of ['cheat-later-0', 'fresh']) {
      await until(`${subjectId} is weighed`, async () => {
        const { priority } = await caseAbout(subjectId);
        return priority?.factors[1]!.because.includes('count as 1.') ?? false;
      });
    }
  });

  it('warns a reporter whose reports are mostly unfounded, leaves out what follows, and counts it again when a lead says so', async () => {
    const first = reportsBy('grudge', 'innocent', 6, 0);
    await ring.publish(...first);
    await ring.settle();
    await ring.publish(...first.map((report) => decided(report, 'dismiss', '2026-01-10T00:00:00.000Z')));
    await until('they are warned', async () => (await dossier('grudge')).reporting.standing === 'warned');
    const second = reportsBy('grudge', 'innocent-too', 2, 24 * 15);
    await ring.publish(...second);
    await ring.settle();
    await ring.publish(...second.map((report) => decided(report, 'dismiss', '2026-01-28T00:00:00.000Z')));
    await until('they are suppressed', async () => (await dossier('grudge')).reporting.standing === 'suppressed');
    expect((await dossier('grudge')).reporting).toMatchObject({ until: '2026-02-11T00:00:00.000Z' });

    const meanwhile = aReport({ reporterId: 'grudge', subjectId: 'third', filedAt: '2026-01-30T00:00:00.000Z' });
    const afterwards = aReport({ reporterId: 'grudge', subjectId: 'third', filedAt: '2026-02-12T00:00:00.000Z' });
    const another = aReport({ reporterId: 'somebody', subjectId: 'third', filedAt: '2026-01-30T00:00:00.000Z' });
    await ring.publish(meanwhile, afterwards, another);
    await until('two count', async () => (await caseAbout('third')).reportCount === 2);
    const { restored: _, ...known } = (await dossier('grudge')).reporting;
    const restored = {
      ...known,
      reporterId: 'grudge',
      team: 'testing',
      revision: 9,
      standing: 'good',
      since: null,
      until: null,
    };
    await ring.publish(
      createEvent(reporterStandingChanged, {
        data: { ...restored, standing: 'good', by: 'lead-1' },
        time: '2026-02-02T11:00:00.000Z',
        region: 'local',
        source: 'testing-team',
      }),
    );
    await until('all three count', async () => (await caseAbout('third')).reportCount === 3);
    expect((await dossier('grudge')).reporting.standing).toBe('good');
  });

  it('weighs the cases of a player by what any team imposed on them, and shows it', async () => {
    await ring.publish(aReport({ subjectId: 'struck', filedAt: '2026-01-20T00:00:00.000Z' }));
    await ring.settle();
    const about = { playerId: 'struck', game: 'kickoff', caseId: idOf('struck'), decisionId: `${idOf('struck')}.3` };
    const imposed = (team: string, kind: 'mute' | 'suspend', n: number) =>
      createEvent(sanctionImposed, {
        data: {
          ...about,
          ...{ sanctionId: `${about.decisionId}.${team}.${n}`, decisionId: `${about.decisionId}.${team}`, team, kind },
          from: '2026-01-25T00:00:00.000Z',
          until: '2026-03-01T00:00:00.000Z',
          strikeUntil: '2027-01-25T00:00:00.000Z',
        },
        time: '2026-01-25T00:00:00.000Z',
        region: 'local',
        source: `${team}-team`,
      });
    const [ban, mute] = [imposed('cheating', 'suspend', 1), imposed('abuse', 'mute', 1)];
    await ring.publish(ban, mute);
    await until('two strikes count', async () => factor(await caseAbout('struck'), 'strikes') === 1.5);
    expect(await dossier('struck')).toMatchObject({
      sanctions: { inForce: [{ kind: 'suspend', game: 'kickoff' }, { kind: 'mute' }], imposed: [{}, {}] },
      strikes: { count: 2, expireAt: ['2027-01-25T00:00:00.000Z', '2027-01-25T00:00:00.000Z'] },
    });
    // A case that begins later knows of them as well.
    await ring.publish(aReport({ subjectId: 'struck', game: 'elsewhere', filedAt: '2026-01-28T00:00:00.000Z' }));
    const later = caseIdOf('testing', 'elsewhere', 'struck');
    await until('the later case knows', async () => {
      const { body } = await ring.request<CaseView>(service.name, `/v1/cases/${later}`);
      return body.priority !== undefined && factor(body, 'strikes') === 1.5;
    });
    const { sanctionId, decisionId, team } = ban.data;
    await ring.publish(
      createEvent(sanctionReversed, {
        data: { ...about, sanctionId, decisionId, team, because: 'overturned' as const },
        time: '2026-01-29T00:00:00.000Z',
        region: 'local',
        source: 'cheating-team',
      }),
    );
    await until('one strike is left', async () => factor(await caseAbout('struck'), 'strikes') === 1.25);
    expect(await dossier('struck')).toMatchObject({ sanctions: { inForce: [{ kind: 'mute' }] }, strikes: { count: 1 } });
  });
});
