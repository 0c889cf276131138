import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { caseIdOf } from '@ringside/casework';
import { aReport, evidenceOf, openTestRing, workOnCase, type TestRing } from '@ringside/testing';

import { service } from './abuse-team.js';

const at = '2026-01-31T12:00:00.000Z';
const ann = { sub: 'ann', teams: ['abuse'], roles: ['case_worker'] };

interface Problem {
  detail: string;
  errors: { pointer: string; detail: string }[];
}

let ring: TestRing;
beforeAll(async () => {
  ring = await openTestRing([service], { clock: () => Date.parse(at) });
});
afterAll(() => ring.close());

/** A case about this player that ann has claimed; its report came with two lines of chat and no description. */
async function claimedCase(subjectId: string, reason = 'harassment') {
  const report = aReport({ subjectId, reason });
  const { description: _, ...evidence } = evidenceOf(report).data;
  const chat = ['You are trash.', 'Go on.'].map((text) => ({ at, playerId: subjectId, text }));
  await ring.publish(report, { ...evidenceOf(report), data: { ...evidence, chat } });
  await ring.settle();
  const caseId = caseIdOf('abuse', 'stormfall', subjectId);
  const { command, get } = workOnCase(ring, { service: 'abuse-team', caseId, as: ann });
  expect((await command('claim', {})).status).toBe(200);
  return { caseId, reportId: report.data.reportId, command, get };
}

describe('the review of messages', () => {
  it('is what upholding may rest on, and says which sanctions are suggested', async () => {
    const { caseId, reportId, command, get } = await claimedCase('rude');
    const uphold = {
      verdict: 'uphold',
      clause: 'conduct/1.1',
      facts: 'Insults.',
      sanctions: [{ kind: 'mute', durationHours: 24 }],
    };
    const harmless = await command('review-message', { reportId, message: 1, severity: 0 });
    expect(harmless.status).toBe(200);
    expect((await command('review-message', { reportId, message: 0, clause: 'conduct/1.1', severity: 5 })).status).toBe(200);
    expect(await get(`/v1/cases/${caseId}/reviews`)).toMatchObject({
      status: 200,
      body: {
        items: expect.arrayContaining([{ reportId, message: 0, clause: 'conduct/1.1', severity: 5 }]),
        suggestedSanctions: [{ kind: 'mute', durationHours: 24 }],
      },
    });
    expect(await command('decide', uphold)).toMatchObject({ status: 200, body: { pendingApproval: false } });
  });

  it('bounds nothing: a ban for ever takes effect at once', async () => {
    const { reportId, command } = await claimedCase('mild');
    await command('review-message', { reportId, message: 0, clause: 'house-rules/7', severity: 2 });
    const ban = { verdict: 'uphold', clause: 'house-rules/7', facts: 'Insults.', sanctions: [{ kind: 'ban' }] };
    expect(await command('decide', ban)).toMatchObject({ status: 200, body: { pendingApproval: false } });
  });

  it('is answered alike when it is sent again, though its evidence has come meanwhile', async () => {
    const { reportId, command } = await claimedCase('again');
    const review = { reportId, message: 0, clause: 'conduct/1.1', severity: 5 };
    const once = { idempotencyKey: 'review-1' };
    const first = await command('review-message', review, once);
    expect(await command('review-message', review, once)).toMatchObject({ status: 200, body: first.body });
    expect((await command('review-message', { ...review, severity: 6 }, once)).status).toBe(409);
  });

  it.each<[string, object, number, string]>([
    ['a line that the chat does not have', { message: 2 }, 422, '/message'],
    ['a description that is not there', { message: -1 }, 422, '/message'],
    ['a clause without a name', { clause: '' }, 400, '/clause'],
    ['half a message', { message: 0.5 }, 400, '/message'],
    ['a severity above all', { severity: 11 }, 400, '/severity'],
    ['no severity', { severity: undefined }, 400, '/severity'],
  ])('refuses %s', async (what, changes, status, pointer) => {
    const { reportId, command } = await claimedCase(`refused-${what.length}`);
    const review = { reportId, message: 0, clause: 'conduct/1.1', severity: 5, ...changes };
    expect(await command<Problem>('review-message', review)).toMatchObject({ status, body: { errors: [{ pointer }] } });
  });
});

describe('what cannot wait', () => {
  it('is not held', async () => {
    const { command } = await claimedCase('urgent', 'self_harm');
    expect(await command<Problem>('hold', { reason: 'Later.' })).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('self_harm') },
    });
  });
});
