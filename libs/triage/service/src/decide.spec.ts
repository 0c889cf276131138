import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { caseIdOf } from '@ringside/casework';
import { aReport, openTestRing, workOnCase, type TestRing } from '@ringside/testing';

import { service } from './others-triage.js';

const at = '2026-01-31T12:00:00.000Z';
const ann = { sub: 'ann', teams: ['others-triage'], roles: ['case_worker'] };

let ring: TestRing;
beforeAll(async () => {
  ring = await openTestRing([service], { clock: () => Date.parse(at) });
});
afterAll(() => ring.close());

/** What somebody does who has read of claiming and deciding, and of nothing that is this team's own. */
describe('a case that is claimed and decided', () => {
  it('is closed with a reason; upholding is for the team that owns the reason', async () => {
    await ring.publish(aReport({ subjectId: 'decided', reason: 'other' }));
    await ring.settle();
    const caseId = caseIdOf('others-triage', 'stormfall', 'decided');
    const { command, get } = workOnCase(ring, { service: service.name, caseId, as: ann });
    expect((await command('claim', {})).status).toBe(200);
    const uphold = { verdict: 'uphold', clause: 'house-rules/7', facts: 'Rude.', sanctions: [{ kind: 'warn' }] };
    expect(await command('decide', uphold)).toMatchObject({
      status: 422,
      body: { detail: expect.stringMatching(/^Triage upholds nothing: .*\.$/), errors: [{ pointer: '/verdict' }] },
    });
    const dismiss = { verdict: 'dismiss', facts: 'A matter of taste.' };
    const { decisionId, version } = (await command('decide', dismiss)).body;
    expect(await get(`/v1/cases/${caseId}?minVersion=${version}`)).toMatchObject({ status: 200, body: { status: 'decided' } });
    expect(await get(`/v1/decisions/${decisionId}`)).toMatchObject({
      body: { state: 'in_effect', verdict: 'dismiss', sanctions: [], statementOfReasons: null },
    });
  });
});
