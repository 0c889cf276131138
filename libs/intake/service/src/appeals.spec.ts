import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { naturalId } from '@ringside/core';
import { createEvent, regionPromoted, toRecord } from '@ringside/events';
import { aReport, progressed, until } from '@ringside/testing';
import { request, startIntake, type Answer, type IntakeUnderTest } from './intake.fixture.js';

let intake: IntakeUnderTest;
beforeAll(async () => {
  intake = await startIntake();
});
afterAll(() => intake.close());

const appeal = (body: object, headers: Record<string, string> = {}): Promise<Answer> =>
  request(intake, '/v1/appeals', {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  });
const codeOf = ({ status, body }: Answer): [number, string] => [status, (body as { type: string }).type.split(':').at(-1)!];

let subjects = 0;
/** A decision about a player of its own, as the team published it. */
async function decided(
  given: object = {},
  at = new Date().toISOString(),
  homeRegion = 'local',
): Promise<{ playerId: string; decisionId: string }> {
  const subjectId = `player-${++subjects}`;
  const of = { team: 'cheating', game: 'arena', subjectId };
  const event = { ...progressed(of, { homeRegion, decision: { ...given } }), time: at };
  await intake.eventLog.append([toRecord(event)]);
  return { playerId: subjectId, decisionId: `${naturalId('case', 'cheating', 'arena', subjectId)}.1` };
}

describe('POST /v1/appeals', () => {
  it('takes an objection, once', async () => {
    const form = { ...(await decided()), statement: 'It was my brother.' };
    const first = await appeal(form, { 'idempotency-key': 'appeal-1' });
    expect(first.status).toBe(202);
    const again = await appeal(form, { 'idempotency-key': 'appeal-1' });
    expect([again.status, again.body]).toEqual([202, first.body]);
    const filed = (await intake.events('appeals')).filter(({ id }, i, all) => all.findIndex((one) => one.id === id) === i);
    expect(filed).toMatchObject([{ type: 'AppealFiled', data: { ...form, ...(first.body as object) } }]);
    expect(codeOf(await appeal({ ...form, statement: 'Other words.' }))).toEqual([409, 'appeal_open']);
    expect(codeOf(await appeal({ ...form, statement: 'Other words.' }, { 'idempotency-key': 'appeal-1' }))).toEqual([
      409,
      'idempotency_key_reused',
    ]);
  });

  it('knows no decision about somebody else, nor one that nobody made', async () => {
    const { decisionId } = await decided();
    for (const form of [
      { playerId: 'somebody-else', decisionId },
      { playerId: 'player-1', decisionId: 'Zk0c1wTqSx2Yb5c9VZ8b2A.7' },
      { playerId: 'player-1', decisionId: 'nonsense' },
    ]) {
      expect(codeOf(await appeal({ ...form, statement: 'No.' }))).toEqual([404, 'not_found']);
    }
  });

  it('refuses what cannot be appealed: with no effect, too old, or decided upon an appeal', async () => {
    const statement = 'No.';
    expect(codeOf(await appeal({ ...(await decided({ state: 'proposed' })), statement }))).toEqual([422, 'not_appealable']);
    expect(codeOf(await appeal({ ...(await decided({ appeal: 'decided' })), statement }))).toEqual([422, 'not_appealable']);
    expect(codeOf(await appeal({ ...(await decided({ appeal: 'open' })), statement }))).toEqual([409, 'appeal_open']);
    const old = await decided({}, new Date(Date.now() - 200 * 86_400_000).toISOString());
    expect(codeOf(await appeal({ ...old, statement }))).toEqual([422, 'not_appealable']);
  });

  it('waits to hear who goes on with the case, and takes another appeal where a later term did not know of the first', async () => {
    const form = { ...(await decided()), statement: 'It was my brother.' };
    expect((await appeal(form)).status).toBe(202);
    const of = { team: 'cheating', game: 'arena', subjectId: form.playerId };
    const decision = { decisionId: form.decisionId, decidedAt: new Date().toISOString() };
    const step = (caseVersion: number, given: object): Promise<unknown> =>
      intake.eventLog.append([toRecord({ ...progressed(of, { caseVersion, ...given }), time: new Date().toISOString() })]);
    await step(2, { decision: { ...decision, appeal: 'open' } });
    const again = { ...form, statement: 'It was my sister.' };
    await until('the appeal is on file', async () => codeOf(await appeal(again))[1] === 'appeal_open');
    // Another region went on from the decision, without the appeal.
    await step(2 ** 24 + 2, { basedOn: 1, decision });
    await until('the later term is there', async () => (await appeal(again)).status === 503);
    const promoted = createEvent(regionPromoted, {
      data: { home: 'local', servedBy: 'local', term: 1, by: 'op', reason: 'Back.' },
      ...{ time: new Date().toISOString(), region: 'local', source: 'platform' },
    });
    await intake.eventLog.append([toRecord(promoted)]);
    await until('the promotion is there', async () => (await appeal(again)).status === 202);
    expect(codeOf(await appeal({ ...again, statement: 'A third one.' }))).toEqual([409, 'appeal_open']);
  });

  it('sends whoever is in the wrong region to the one that hears appeals against the decision', async () => {
    const form = { ...(await decided({}, undefined, 'elsewhere')), statement: 'It was my brother.' };
    const answer = await appeal(form);
    expect(codeOf(answer)).toEqual([421, 'misdirected']);
    expect(answer.body).toMatchObject({ homeRegion: 'elsewhere' });
    const filed = await intake.events('appeals');
    expect(filed.filter(({ data }) => (data as { decisionId?: string }).decisionId === form.decisionId)).toEqual([]);
  });

  it.each([
    [{}, ['/decisionId', '/playerId', '/statement']],
    [{ playerId: 'p', decisionId: 'd', statement: ' ' }, ['/statement']],
    [{ playerId: 'p', decisionId: 'd', statement: 'x'.repeat(4_001) }, ['/statement']],
    [{ playerId: 'p', decisionId: 'd', statement: 'x', extra: 1 }, ['/extra']],
  ])('tells what is wrong with %j', async (body, pointers) => {
    const answer = await appeal(body);
    expect(answer.status).toBe(400);
    const { errors } = answer.body as { errors: { pointer: string }[] };
    expect(errors.map(({ pointer }) => pointer).sort()).toEqual(pointers);
  });
});

describe('GET /v1/reports/{reportId}', () => {
  it('follows what the team does with the case', async () => {
    const report = aReport({ subjectId: 'followed', game: 'arena' });
    const { reportId } = report.data;
    const of = { team: 'cheating', game: 'arena', subjectId: 'followed' };
    const status = async () => (await request(intake, `/v1/reports/${reportId}`)).body as { status: string; outcome: string };
    await intake.eventLog.append([toRecord(report)]);
    await until('it is there', async () => (await status()).status === 'received');
    const claim = { by: 'worker-1', until: '2026-01-31T13:00:00.000Z' };
    await intake.eventLog.append([toRecord(progressed(of, { caseVersion: 1, claim }))]);
    await until('it is in review', async () => (await status()).status === 'in_review');
    const decision = { reportIds: [reportId] };
    await intake.eventLog.append([toRecord(progressed(of, { caseVersion: 2, decision }))]);
    await until('it is closed', async () => (await status()).status === 'closed');
    expect(Object.keys(await status()).sort()).toEqual(['filedAt', 'outcome', 'reason', 'reportId', 'status']);
    expect((await status()).outcome).toBe('action_taken');
  });
});
