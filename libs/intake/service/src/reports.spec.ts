import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isUuidv7, uuidv7 } from '@ringside/core';
import { reportReasons } from '@ringside/events';
import { idempotencyKeyTable } from './idempotency-keys.js';
import { file, fileRaw, form, request, startIntake, type Answer, type IntakeUnderTest } from './intake.fixture.js';
import { exampleForm } from './reports.dto.js';

let intake: IntakeUnderTest;
beforeAll(async () => {
  intake = await startIntake();
});
afterAll(() => intake.close());

const idOf = (answer: Answer): string => (answer.body as { reportId: string }).reportId;
const reportsOf = async (subjectId: string) =>
  (await intake.events('reports')).filter((event) => event.type === 'ReportFiled' && event.data.subjectId === subjectId);

describe('POST /v1/reports', () => {
  it('answers 202 when the report is on the log, and says where to follow it', async () => {
    const answer = await file(intake, { ...form, subjectId: 'first' });
    expect(answer).toMatchObject({ status: 202, body: { reportId: expect.any(String), status: 'received' } });
    const reportId = idOf(answer);
    expect(isUuidv7(reportId)).toBe(true);
    expect(answer.headers.get('location')).toBe(`/v1/reports/${reportId}`);
    expect(await reportsOf('first')).toMatchObject([
      { id: reportId, region: 'local', source: 'report-intake', data: { reportId, reason: 'aimbot', hasEvidence: false } },
    ]);
  });

  it('takes the documented example, its evidence on a topic of its own', async () => {
    const reportId = idOf(await file(intake, exampleForm));
    const evidence = (await intake.events('report-evidence')).filter(({ correlationId }) => correlationId === reportId);
    expect(evidence).toMatchObject([
      { type: 'ReportEvidenceFiled', zone: 'regional', data: { description: exampleForm.description } },
    ]);
    expect(JSON.stringify(await reportsOf('player-2002'))).not.toContain(exampleForm.description);
  });

  it('takes a body of nearly 64 KiB', async () => {
    const telemetry = { samples: 'x'.repeat(64 * 1024 - 300) };
    expect(await file(intake, { ...form, evidence: { telemetry } })).toMatchObject({ status: 202 });
  });
});

describe('Idempotency-Key', () => {
  it('gives the same report to the same body, whatever the order of its fields', async () => {
    const once = { ...form, subjectId: 'repeated', description: 'again' };
    const headers = { 'idempotency-key': 'key-1' };
    const first = await file(intake, once, headers);
    const second = await file(intake, Object.fromEntries(Object.entries(once).reverse()), headers);
    expect([first.status, second.status]).toEqual([202, 202]);
    expect(idOf(second)).toBe(idOf(first));
    const filed = await reportsOf('repeated');
    expect(new Set(filed.map(({ id }) => id))).toEqual(new Set([idOf(first)]));
    for (const event of filed) expect(event).toEqual(filed[0]);
  });

  it('refuses another body', async () => {
    const headers = { 'idempotency-key': 'key-2' };
    await file(intake, { ...form, subjectId: 'kept' }, headers);
    const answer = await file(intake, { ...form, subjectId: 'not-kept' }, headers);
    expect(answer).toMatchObject({ status: 409, body: { type: 'urn:ringside:problem:idempotency_key_reused' } });
    expect(await reportsOf('not-kept')).toEqual([]);
  });

  it('gives one report to many who ask at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => file(intake, { ...form, subjectId: 'raced' }, { 'idempotency-key': 'key-3' })),
    );
    expect(new Set(answers.map(idOf)).size).toBe(1);
    expect(new Set((await reportsOf('raced')).map(({ id }) => id)).size).toBe(1);
  });

  it('files after an outage what was claimed before it', async () => {
    const headers = { 'idempotency-key': 'key-4' };
    intake.failAppends(true);
    const failed = await file(intake, { ...form, subjectId: 'outage' }, headers).finally(() => intake.failAppends(false));
    expect(failed).toMatchObject({ status: 503, body: { type: 'urn:ringside:problem:unavailable' } });
    expect(failed.headers.get('retry-after')).toBe('1');
    expect(await reportsOf('outage')).toEqual([]);
    expect((await file(intake, { ...form, subjectId: 'outage' }, headers)).status).toBe(202);
    expect(await reportsOf('outage')).toHaveLength(1);
  });

  it.each(['', 'x'.repeat(129), 'with space', 'tab\tbed', 'ü'])('refuses the key %j', async (key) => {
    const answer = await file(intake, { ...form, subjectId: 'bad-key', matchId: 7 }, { 'idempotency-key': key });
    expect(answer).toMatchObject({ status: 400, body: { type: 'urn:ringside:problem:invalid_request' } });
    expect((answer.body as { errors: unknown[] }).errors).toEqual([
      { header: 'idempotency-key', detail: 'must be 1 to 128 visible ASCII characters' },
      { pointer: '/matchId', detail: 'must be a string' },
    ]);
  });
});

describe('bad input', () => {
  const refused: readonly (readonly [string, NonNullable<RequestInit['body']>, number, string, readonly string[]])[] = [
    ...Object.keys(form).map(
      (field) => [`no ${field}`, json({ ...form, [field]: undefined }), 400, 'invalid_request', [`/${field}`]] as const,
    ),
    ...Object.keys(exampleForm).map(
      (field) =>
        [`a number for ${field}`, json({ ...exampleForm, [field]: 7 }), 400, 'invalid_request', [`/${field}`]] as const,
    ),
    ['an id too long', json({ ...form, reporterId: 'x'.repeat(129) }), 400, 'invalid_request', ['/reporterId']],
    ['a description too long', json({ ...form, description: 'x'.repeat(2001) }), 400, 'invalid_request', ['/description']],
    ['an unknown reason', json({ ...form, reason: 'smells' }), 400, 'invalid_request', ['/reason']],
    ['unknown fields', json({ ...form, role: 1, admin: true }), 400, 'invalid_request', ['/role', '/admin']],
    [
      'control characters',
      json({ ...form, subjectId: 'a\u0007', matchId: '\u0000' }),
      400,
      'invalid_request',
      ['/subjectId', '/matchId'],
    ],
    ['a lone surrogate', json({ ...form, subjectId: 'a\ud800' }), 400, 'invalid_request', ['/subjectId']],
    ['__proto__ alone', json(form).replace('{', '{"__proto__":{"a":1},'), 400, 'invalid_request', ['/__proto__']],
    [
      '__proto__ among other faults',
      '{"game":"arena","__proto__":{"a":1},"evidence":{"telemetry":{"__proto__":1},"x":1}}',
      400,
      'invalid_request',
      ['/__proto__', '/evidence/telemetry/__proto__', '/evidence/x', '/reporterId', '/subjectId', '/reason'],
    ],
    [
      'constructor.prototype',
      json({ ...form, evidence: { constructor: { prototype: {} } } }),
      400,
      'invalid_request',
      ['/evidence/constructor'],
    ],
    ['other without words', json({ ...form, reason: 'other' }), 400, 'invalid_request', ['/description']],
    [
      'all at once',
      json({ game: '', x: 1, reason: 2 }),
      400,
      'invalid_request',
      ['/game', '/reporterId', '/subjectId', '/reason', '/x'],
    ],
    ['a list', '[]', 400, 'invalid_request', ['']],
    ['null', 'null', 400, 'invalid_request', ['']],
    ['what is not JSON', '{"game":', 400, 'invalid_json', []],
    ['nothing', '', 400, 'invalid_request', ['']],
    ['broken UTF-8', new Uint8Array([0x7b, 0xff, 0x7d]), 400, 'invalid_json', []],
    ['too large a body', json({ ...form, description: 'x'.repeat(70_000) }), 413, 'body_too_large', []],
    ['a report on oneself', json({ ...form, subjectId: form.reporterId }), 422, 'self_report', ['/subjectId']],
  ];

  it.each(refused)('refuses %s and stores nothing', async (_what, body, status, code, pointers) => {
    const before = [await intake.events('reports'), await intake.events('report-evidence')];
    const key = uuidv7();
    const answer = await fileRaw(intake, body, { 'idempotency-key': key });
    expect(answer).toMatchObject({ status, body: { type: `urn:ringside:problem:${code}`, status } });
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    const { errors = [] } = answer.body as { errors?: { pointer: string }[] };
    expect(errors.map(({ pointer }) => pointer).sort()).toEqual([...pointers].sort());
    expect(answer.text).not.toMatch(/\.ts:|\.js:|node_modules/);
    expect([await intake.events('reports'), await intake.events('report-evidence')]).toEqual(before);
    expect(await intake.viewStore.get({ table: idempotencyKeyTable, partition: key, key: 'filing' })).toBeUndefined();
  });

  it('refuses another content type', async () => {
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'application/x-ndjson',
      'application/json; charset=latin1',
    ]) {
      const answer = await fileRaw(intake, json(form), { 'content-type': type });
      expect(answer).toMatchObject({ status: 415, body: { type: 'urn:ringside:problem:unsupported_media_type' } });
    }
  });

  it('never answers 202 for what the log did not take', async () => {
    intake.failAppends(true);
    const answer = await file(intake, { ...form, subjectId: 'lost' }).finally(() => intake.failAppends(false));
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(await reportsOf('lost')).toEqual([]);
  });
});

function json(value: unknown): string {
  return JSON.stringify(value);
}

describe('GET /v1/reports/{reportId}', () => {
  it('knows a report that was filed a moment ago, and tells nothing of whom it is about', async () => {
    const reportId = idOf(await file(intake, { ...form, reason: 'spam' }));
    const answer = await request(intake, `/v1/reports/${reportId}`);
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ reportId, reason: 'spam', filedAt: expect.any(String), status: 'received', outcome: null });
  });

  it.each(['unknown', '%00', uuidv7(Date.now() - 60_000), '..%2f..'])('knows nothing of %s', async (reportId) => {
    expect(await request(intake, `/v1/reports/${reportId}`)).toMatchObject({
      status: 404,
      body: { title: expect.any(String) },
    });
  });
});

describe('GET /v1/report-reasons', () => {
  it('lists the options of the dialog', async () => {
    expect((await request(intake, '/v1/report-reasons')).body).toEqual(reportReasons);
  });
});
