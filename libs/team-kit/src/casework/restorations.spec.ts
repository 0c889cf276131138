import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { caseIdOf } from '@ringside/casework';
import { bySystem, createEvent, decodeEvent, reporterStandingChanged } from '@ringside/events';
import { aReport, until } from '@ringside/testing';

import type { CaseView } from '../case-queries.js';
import type { Dossier } from '../dossier.js';
import type { Restoration } from './restorations.js';
import { casey, openWorkingRing, person, type Problem, type WorkingRing } from './working-ring.fixture.js';
import { rules, workingService } from './working-team.fixture.js';

let team: WorkingRing;
beforeAll(async () => {
  team = await openWorkingRing();
});
afterAll(() => team.close());

const lena = person('lena', 'lead');
const lars = person('lars', 'lead');
const body = { reason: 'It was their little brother.' };
const path = (playerId: string): string => `/v1/players/${playerId}/restore-standing`;
const reportingOf = async (playerId: string): Promise<Dossier['reporting']> =>
  (await team.get<Dossier>(`/v1/players/${playerId}`, lena)).body.reporting;

/** As after many unfounded reports. */
async function suppress(reporterId: string): Promise<void> {
  const data = {
    ...{ reporterId, team: rules.team, revision: 2, standing: 'suppressed' as const, by: bySystem },
    ...{ since: '2026-01-30T00:00:00.000Z', until: '2026-02-13T00:00:00.000Z' },
    ...{ decided: 15, unfounded: 15, credibility: {} },
  };
  const source = workingService.name;
  await team.ring.publish(createEvent(reporterStandingChanged, { data, time: data.since, region: 'local', source }));
  await until('they are suppressed', async () => (await reportingOf(reporterId)).standing === 'suppressed');
}

async function saidOf(reporterId: string): Promise<readonly object[]> {
  const said: object[] = [];
  for (const { partition } of await team.ring.log.heads('reporters')) {
    for await (const { bytes } of team.ring.log.read({ topic: 'reporters', partition })) {
      const decoded = decodeEvent(bytes);
      if (!decoded.ok || decoded.value.type !== 'ReporterStandingChanged') continue;
      if (decoded.value.data.reporterId === reporterId) said.push(decoded.value);
    }
  }
  return said;
}

describe('a lead', () => {
  it('restores the standing of a reporter: what was left out because of it counts again', async () => {
    await suppress('sorry');
    const report = aReport({ subjectId: 'seen', reporterId: 'sorry', filedAt: '2026-01-31T12:00:00.000Z' });
    const another = aReport({ subjectId: 'seen', reporterId: 'other', filedAt: '2026-01-31T12:30:00.000Z' });
    await team.ring.publish(report, another);
    const seen = `/v1/cases/${caseIdOf(rules.team, 'stormfall', 'seen')}`;
    const counts = async (): Promise<number> => (await team.get<CaseView>(seen, lena)).body.reportCount;
    type Reports = { readonly items: readonly { readonly reportId: string; readonly suppressed: readonly string[] }[] };
    await until('one is left out', async () => {
      const { items } = (await team.get<Reports>(`${seen}/reports`, lena)).body;
      return items?.find(({ reportId }) => reportId === report.data.reportId)?.suppressed[0] === 'reporter_suppressed';
    });
    expect(await counts()).toBe(1);

    const restored = await team.command<Restoration>(path('sorry'), body, { as: lena, key: 'once' });
    const answer = { playerId: 'sorry', standing: 'good', by: 'lena', at: '2026-01-31T13:00:00.000Z' };
    expect([restored.status, restored.body]).toEqual([202, answer]);
    await until('both count', async () => (await counts()) === 2);
    expect(await reportingOf('sorry')).toMatchObject({
      ...{ standing: 'good', since: null, until: null, decided: 15, unfounded: 15 },
      restored: { by: 'lena', at: answer.at },
    });

    const again = await team.command<Problem>(path('sorry'), body, { as: lena });
    expect([again.status, again.body.type]).toEqual([409, expect.stringContaining('wrong_state')]);
  });

  it('says it once under one key, whatever has come of it since, and nothing else under that key', async () => {
    await suppress('twice');
    const answers = await Promise.all(
      [1, 2, 3].map(() => team.command<Restoration>(path('twice'), body, { as: lena, key: 'k' })),
    );
    team.clock.now += 60_000;
    await until('it is restored', async () => (await reportingOf('twice')).standing === 'good');
    answers.push(await team.command<Restoration>(path('twice'), body, { as: lena, key: 'k' }));
    expect(new Set(answers.map(({ status, body: said }) => JSON.stringify([status, said]))).size).toBe(1);
    const said = (await saidOf('twice')) as readonly { readonly id: string; readonly data: { readonly by: string } }[];
    expect(new Set(said.filter(({ data }) => data.by === 'lena').map(({ id }) => id)).size).toBe(1);
    for (const [other, as] of [[{ reason: 'Another one.' }, lena] as const, [body, lars] as const]) {
      const refused = await team.command<Problem>(path('twice'), other, { as, key: 'k' });
      expect([refused.status, refused.body.type]).toEqual([409, expect.stringContaining('idempotency_key_reused')]);
    }
  });

  it.each<[string, object | undefined, typeof lena, number]>([
    ['a reporter whom nobody knows', body, lena, 409],
    ['no reason', {}, lena, 400],
    ['a field too many', { ...body, standing: 'good' }, lena, 400],
    ['another role', body, casey, 403],
    ['an approver', body, person('avery', 'approver'), 403],
  ])('is refused with %s', async (_what, given, as, status) => {
    expect((await team.command<Problem>(path('nobody'), given, { as })).status).toBe(status);
    expect(await saidOf('nobody')).toEqual([]);
  });
});
