import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { caseIdOf } from '@ringside/casework';
import { aReport, openTestRing, until, type Answer, type TestRing } from '@ringside/testing';

import { service } from './cheating-team.js';

const at = '2026-01-31T12:00:00.000Z';
const ann = { sub: 'ann', teams: ['cheating'], roles: ['case_worker'] };

let ring: TestRing;
beforeAll(async () => {
  ring = await openTestRing([service], { clock: () => Date.parse(at) });
});
afterAll(() => ring.close());

const get = <Body>(path: string) => ring.request<Body>(service.name, path, { as: ann });
const post = <Body>(path: string, body: object, version: number): Promise<Answer<Body>> => {
  const headers = { 'content-type': 'application/json', 'if-match': `"${version}"` };
  return ring.request<Body>(service.name, path, { method: 'POST', headers, as: ann, body: JSON.stringify(body) });
};

/** What somebody does who has read of claiming and deciding, and of nothing that is this team's own. */
describe('a case that is claimed and decided', () => {
  it.each(['fair-play/2.1', 'house-rules/7'])('imposes what was decided, and says why: clause %s', async (clause) => {
    const subjectId = `decided-${clause}`;
    const report = aReport({ subjectId, reason: 'aimbot' });
    await ring.publish(report);
    await ring.settle();
    const path = `/v1/cases/${caseIdOf('cheating', 'stormfall', subjectId)}`;
    const claimed = await post<{ version: number }>(`${path}/claim`, {}, 1);
    expect(claimed.status).toBe(200);
    const facts = 'Seen in two matches.';
    const uphold = { verdict: 'uphold', clause, facts, sanctions: [{ kind: 'suspend', durationHours: 72 }] };
    const decided = await post<{ decisionId: string; version: number }>(`${path}/decide`, uphold, claimed.body.version);
    expect(decided).toMatchObject({ status: 200, body: { pendingApproval: false } });
    const { decisionId, version } = decided.body;

    const seen = await get(`${path}?minVersion=${version}`);
    expect(seen).toMatchObject({ status: 200, body: { status: 'decided', openReports: 0, claim: null } });
    expect(seen.body).toMatchObject({ decisions: [{ decisionId, state: 'in_effect', verdict: 'uphold' }] });
    const { body: decision } = await get<{ statementOfReasons: { text: string } }>(`/v1/decisions/${decisionId}`);
    expect(decision).toMatchObject({
      ...{ state: 'in_effect', clause, facts, reportIds: [report.data.reportId] },
      statementOfReasons: { ground: { clause }, restrictions: [{ kind: 'suspend', until: '2026-02-03T12:00:00.000Z' }] },
    });
    expect(decision.statementOfReasons.text).toContain(clause);
    expect(await get(`/v1/decisions/${decisionId}/dsa`)).toMatchObject({
      status: 200,
      body: { category: 'STATEMENT_CATEGORY_OTHER_VIOLATION_TC', decision_account: 'DECISION_ACCOUNT_SUSPENDED' },
    });
    const dossier = `/v1/players/${encodeURIComponent(subjectId)}`;
    await until('the dossier has the sanction', async () => {
      const { body } = await get<{ sanctions: { imposed: object[] } }>(dossier);
      return body.sanctions.imposed.length > 0;
    });
    expect((await get(dossier)).body).toMatchObject({
      sanctions: {
        inForce: [{ kind: 'suspend', until: '2026-02-03T12:00:00.000Z' }],
        imposed: [{ sanctionId: `${decisionId}.1`, team: 'cheating', decisionId, reversed: null }],
      },
      strikes: { count: 1 },
    });
  });
});
