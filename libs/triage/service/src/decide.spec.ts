import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { caseIdOf } from '@ringside/casework';
import { aReport, openTestRing, type Answer, type TestRing } from '@ringside/testing';

import { service } from './others-triage.js';

const at = '2026-01-31T12:00:00.000Z';
const ann = { sub: 'ann', teams: ['others-triage'], roles: ['case_worker'] };

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
  it('is closed with a reason; upholding is for the team that owns the reason', async () => {
    await ring.publish(aReport({ subjectId: 'decided', reason: 'other' }));
    await ring.settle();
    const path = `/v1/cases/${caseIdOf('others-triage', 'stormfall', 'decided')}`;
    const claimed = await post<{ version: number }>(`${path}/claim`, {}, 1);
    expect(claimed.status).toBe(200);
    const uphold = { verdict: 'uphold', clause: 'house-rules/7', facts: 'Rude.', sanctions: [{ kind: 'warn' }] };
    expect(await post(`${path}/decide`, uphold, claimed.body.version)).toMatchObject({
      status: 422,
      body: { detail: expect.stringMatching(/^Triage upholds nothing: .*\.$/), errors: [{ pointer: '/verdict' }] },
    });
    const dismiss = { verdict: 'dismiss', facts: 'A matter of taste.' };
    const decided = await post<{ decisionId: string; version: number }>(`${path}/decide`, dismiss, claimed.body.version);
    const { decisionId, version } = decided.body;
    expect(await get(`${path}?minVersion=${version}`)).toMatchObject({ status: 200, body: { status: 'decided' } });
    expect(await get(`/v1/decisions/${decisionId}`)).toMatchObject({
      body: { state: 'in_effect', verdict: 'dismiss', sanctions: [], statementOfReasons: null },
    });
  });
});
