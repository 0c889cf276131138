import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isoTime, uuidv7 } from '@ringside/core';
import { fingerprintOf } from '@ringside/intake-domain';
import { authorizationOf, testAuthConfig } from '@ringside/testing';
import { rowOfKey } from './idempotency-keys.js';
import { file, form, request, startIntake, type Answer, type IntakeUnderTest } from './intake.fixture.js';

let intake: IntakeUnderTest;
beforeAll(async () => {
  intake = await startIntake({ config: { environment: 'production', ...(await testAuthConfig()) } });
});
afterAll(() => intake.close());

const headersOf = async (sub: string, idempotencyKey: string): Promise<Record<string, string>> => ({
  ...(await authorizationOf({ sub, teams: [], roles: ['game'] })),
  'idempotency-key': idempotencyKey,
});
const fileAs = async (sub: string, key: string, more: object = {}): Promise<Answer> =>
  file(intake, { ...form, ...more }, await headersOf(sub, key));
const idOf = ({ status, body }: Answer): string => {
  expect(status).toBe(202);
  return (body as { reportId: string }).reportId;
};
const reused = { status: 409, body: { type: 'urn:ringside:problem:idempotency_key_reused' } };

/** What was claimed while keys were one name space for all callers. */
async function filedBefore(idempotencyKey: string): Promise<string> {
  const reportId = uuidv7();
  const value = { reportId, filedAt: isoTime(Date.now()), fingerprint: fingerprintOf(form) };
  await intake.viewStore.insertOnce({ ...rowOfKey('filing', { idempotencyKey }), value });
  return reportId;
}

describe('keys of callers with a token', () => {
  it("are each caller's own, and hold for it as ever", async () => {
    const ofA = idOf(await fileAs('game-a', '1'));
    const ofB = idOf(await fileAs('game-b', '1', { subjectId: 'another' }));
    expect(ofB).not.toBe(ofA);
    expect(idOf(await fileAs('game-a', '1'))).toBe(ofA);
    expect(idOf(await fileAs('game-b', '1', { subjectId: 'another' }))).toBe(ofB);
    expect(await fileAs('game-a', '1', { subjectId: 'another' })).toMatchObject(reused);
    expect(await fileAs('game-b', '1')).toMatchObject(reused);
  });

  it('are told apart line by line', async () => {
    const send = async (sub: string, subjectId: string) =>
      request(intake, '/v1/reports:batch', {
        method: 'POST',
        body: `${JSON.stringify({ ...form, subjectId })}\n`,
        headers: { ...(await headersOf(sub, 'batch-1')), 'content-type': 'application/x-ndjson' },
      });
    const [ofA, ofB] = [await send('game-a', 'one'), await send('game-b', 'another')];
    expect([ofA.text, ofB.text]).toEqual([expect.stringContaining('"status":202'), expect.stringContaining('"status":202')]);
    expect((await send('game-a', 'one')).text).toBe(ofA.text);
    expect((await send('game-a', 'another')).text).toContain('"status":409');
  });

  it('are told apart for appeals, too', async () => {
    const appeal = async (sub: string, statement: string): Promise<unknown> => {
      const { body } = await request(intake, '/v1/appeals', {
        method: 'POST',
        body: JSON.stringify({ playerId: 'player-2', decisionId: 'nonsense', statement }),
        headers: { ...(await headersOf(sub, 'appeal-1')), 'content-type': 'application/json' },
      });
      return (body as { type: string }).type.split(':').at(-1);
    };
    expect(await appeal('game-a', 'It was my brother.')).toBe('not_found');
    expect(await appeal('game-b', 'It was my sister.')).toBe('not_found');
    expect(await appeal('game-a', 'It was my sister.')).toBe('idempotency_key_reused');
  });

  it('are taken in their full length', async () => {
    const sub = '\u{1f94a}'.repeat(128);
    const key = '"'.repeat(128);
    expect(idOf(await fileAs(sub, key))).toBe(idOf(await fileAs(sub, key)));
  });
});

describe("keys from before they were their callers' own", () => {
  it('give the report that was filed under them then, and hold for whoever has sent it again', async () => {
    const reportId = await filedBefore('before-1');
    expect(idOf(await fileAs('game-a', 'before-1'))).toBe(reportId);
    expect(idOf(await fileAs('game-a', 'before-1'))).toBe(reportId);
    expect(await fileAs('game-a', 'before-1', { subjectId: 'another' })).toMatchObject(reused);
  });

  it("are in nobody's way who files another report", async () => {
    const reportId = await filedBefore('before-2');
    const another = idOf(await fileAs('game-b', 'before-2', { subjectId: 'another' }));
    expect(another).not.toBe(reportId);
    expect(idOf(await fileAs('game-b', 'before-2', { subjectId: 'another' }))).toBe(another);
  });
});

describe('rows of keys', () => {
  it('are never the same for two senders', () => {
    const senders = [
      { idempotencyKey: 'a' },
      { idempotencyKey: 'a', caller: 'a' },
      { idempotencyKey: 'a', caller: 'a/a' },
      { idempotencyKey: 'a/a', caller: 'a' },
      { idempotencyKey: 'a/a' },
      { idempotencyKey: 'filing', caller: 'filing' },
    ];
    const rows = senders.flatMap((sender) => [rowOfKey('filing', sender), rowOfKey('appeal', sender)]);
    expect(new Set(rows.map((row) => JSON.stringify(row))).size).toBe(2 * senders.length);
  });
});
