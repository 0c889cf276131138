import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { caseIdOf } from '@ringside/casework';
import { aReport, evidenceOf, openTestRing, workOnCase, type TestRing } from '@ringside/testing';

import { service } from './cheating-team.js';

const at = '2026-01-31T12:00:00.000Z';
const ann = { sub: 'ann', teams: ['cheating'], roles: ['case_worker'] };
const pat = { sub: 'pat', teams: ['cheating'], roles: ['approver'] };

interface Problem {
  detail: string;
  errors: { pointer: string; detail: string }[];
}

interface OpenApi {
  components: { schemas: Record<string, { properties: Record<string, object> }> };
}

let ring: TestRing;
beforeAll(async () => {
  ring = await openTestRing([service], { clock: () => Date.parse(at) });
});
afterAll(() => ring.close());

const replayOf = (subjectId: string): string => `https://replays.example/${subjectId}`;

/** A case about this player that ann has claimed: its id, its report, and how it is told what to do. */
async function claimedCase(subjectId: string, reason = 'aimbot', { filedElsewhere = false } = {}) {
  const report = aReport({ subjectId, reason });
  await ring.publish(report);
  if (!filedElsewhere) await ring.publish(evidenceOf(report, { replayUrl: replayOf(subjectId) }));
  await ring.settle();
  const caseId = caseIdOf('cheating', 'stormfall', subjectId);
  const { command, send, get } = workOnCase(ring, { service: 'cheating-team', caseId, as: ann });
  expect((await command('claim', {})).status).toBe(200);
  return { caseId, reportId: report.data.reportId, command, send, get };
}

const evidenceOn = (reportId: string) => ({
  reportIds: [reportId],
  telemetry: [{ reportId, from: '2026-01-31T11:58:20Z', to: '2026-01-31T11:58:24.5Z', finding: 'Locks on through smoke.' }],
  replays: [{ reportId }],
});
const uphold = (...sanctions: object[]) => ({ verdict: 'uphold', clause: 'fair-play/2.1', facts: 'Locks on.', sanctions });

describe('a verdict of the cheating team', () => {
  it('may rest on evidence; a ban for ever waits for somebody else', async () => {
    const { caseId, reportId, command, send, get } = await claimedCase('locks-on');
    expect((await command('assemble-evidence', evidenceOn(reportId))).status).toBe(200);
    const basis = await get(`/v1/cases/${caseId}/assembled-evidence`);
    expect(basis).toMatchObject({
      status: 200,
      body: {
        evidence: {
          ...evidenceOn(reportId),
          telemetry: [{ from: '2026-01-31T11:58:20.000Z' }],
          replays: [{ reportId, heldIn: 'local', url: replayOf('locks-on') }],
        },
        ...{ priorStrikes: 0, suggestedSanctions: [{ kind: 'suspend', durationHours: 720 }] },
      },
    });
    const proposed = await command('decide', uphold({ kind: 'ban' }));
    expect(proposed).toMatchObject({ status: 200, body: { decisionId: `${caseId}.3`, pendingApproval: true } });
    const approval = `/v1/decisions/${proposed.body.decisionId}/approve`;
    expect((await send(approval, {}, { as: { ...ann, roles: ['approver'] } })).status).toBe(403);
    expect((await send(approval, {}, { as: pat })).status).toBe(200);
    const decision = await get(`/v1/decisions/${proposed.body.decisionId}`);
    expect(decision.body).toMatchObject({
      ...{ state: 'in_effect', clause: 'fair-play/2.1', reportIds: [reportId] },
      statementOfReasons: { text: expect.stringContaining('We examined 1 window of telemetry and 1 replay.') },
    });
  });

  it('may go beyond the ladder, which suggests; the clauses that it may name are told', async () => {
    const { caseId, command, get } = await claimedCase('shares', 'account_sharing');
    expect(await get(`/v1/cases/${caseId}/assembled-evidence`)).toMatchObject({
      body: { evidence: null, suggestedSanctions: [{ kind: 'warn' }] },
    });
    expect((await command('decide', uphold({ kind: 'suspend', durationHours: 8_760 }))).status).toBe(200);
    expect((await get('/v1/policy')).body).toMatchObject({
      ...{ team: 'cheating', leaseMinutes: 30, sanctionKinds: ['warn', 'mute', 'suspend', 'ban'] },
      clauses: expect.arrayContaining([expect.objectContaining({ clause: 'fair-play/2.1' })]),
    });
  });
});

it('says in OpenAPI where a replay is kept, apart from the evidence that reporters sent along', async () => {
  const { body } = await ring.request<OpenApi>('cheating-team', '/docs/openapi.json');
  const { schemas } = body.components;
  expect(schemas['ReplayInHandDto']!.properties).toMatchObject({
    heldIn: { type: 'string' },
    url: { type: ['string', 'null'] },
  });
  expect(schemas['ReplayBody']!.properties).not.toHaveProperty('url');
  expect(Object.keys(schemas['EvidenceInHandDto']!.properties).sort()).toEqual(['replays', 'reportIds', 'telemetry']);
  expect(schemas['EvidenceDto']!.properties).toHaveProperty('replayUrl');
  expect(schemas['AppealInFullDto']!.properties).toMatchObject({
    statementHeldIn: {},
    statement: { type: ['string', 'null'] },
  });
});

describe('assembling evidence', () => {
  it('refuses what is malformed, all of it at once, and what is not of the case', async () => {
    const { reportId, command } = await claimedCase('malformed');
    const evidence = evidenceOn(reportId);
    const { status, body } = await command<Problem>('assemble-evidence', {
      reportIds: [],
      telemetry: [{ ...evidence.telemetry[0], from: '2026-02-30T00:00:00Z', finding: 'x'.repeat(501) }],
      replays: [{ reportId: '' }, { reportId, url: 'https://replays.example/mine' }],
      colour: 'red',
    });
    expect(status).toBe(400);
    expect(body.errors.map(({ pointer }) => pointer).sort()).toEqual([
      '/colour',
      '/replays/0/reportId',
      '/replays/1/url',
      '/reportIds',
      '/telemetry/0/finding',
      '/telemetry/0/from',
    ]);
    expect(await command<Problem>('assemble-evidence', { reportIds: ['of-another-case'] })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/reportIds/0' }] },
    });
  });

  it('refuses a replay that this region does not have', async () => {
    const { reportId, command } = await claimedCase('evidence-elsewhere', 'aimbot', { filedElsewhere: true });
    expect(await command<Problem>('assemble-evidence', evidenceOn(reportId))).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/replays/0/reportId', detail: expect.stringContaining('another region') }] },
    });
    expect((await command('assemble-evidence', { ...evidenceOn(reportId), replays: [] })).status).toBe(200);
  });

  it('is not for others while somebody has claimed the case', async () => {
    const { reportId, command } = await claimedCase('not-theirs');
    const bob = { ...ann, sub: 'bob' };
    expect(await command('assemble-evidence', evidenceOn(reportId), { as: bob })).toMatchObject({ status: 409 });
    expect(await command('assemble-evidence', evidenceOn(reportId), { as: pat })).toMatchObject({ status: 403 });
  });
});
