import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { form, request, startIntake, type IntakeUnderTest } from './intake.fixture.js';
import type { Intake } from './file-report.js';
import { fileBatch } from './report-batch.js';
import { exampleBatch } from './reports.dto.js';

let intake: IntakeUnderTest;
beforeAll(async () => {
  intake = await startIntake();
});
afterAll(() => intake.close());

interface Result {
  readonly line: number;
  readonly status: number;
  readonly reportId?: string;
  readonly type?: string;
  readonly errors?: readonly { readonly pointer: string }[];
}

async function batch(body: string, headers: Record<string, string> = {}) {
  const answer = await request(intake, '/v1/reports:batch', {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/x-ndjson', ...headers },
  });
  const isLines = answer.headers.get('content-type') === 'application/x-ndjson';
  const results = isLines
    ? answer.text
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line) as Result)
    : [];
  return { ...answer, results };
}

const line = (subjectId: string, more: object = {}): string => `${JSON.stringify({ ...form, subjectId, ...more })}\n`;
const filed = async (subjectId: string) =>
  (await intake.events('reports')).filter((event) => event.type === 'ReportFiled' && event.data.subjectId === subjectId);

describe('POST /v1/reports:batch', () => {
  it('takes the documented example', async () => {
    const { status, results } = await batch(exampleBatch);
    expect(status).toBe(200);
    expect(results.map(({ line: number, status: code }) => [number, code])).toEqual([
      [1, 202],
      [2, 202],
    ]);
  });

  it('accepts or refuses each line on its own, in order', async () => {
    const lines = [
      line('batch-1'),
      '{"broken":\n',
      line('batch-2', { extra: 1 }),
      '\n',
      line('batch-3', { reporterId: 'batch-3' }),
      line('batch-4', { description: 'x'.repeat(70_000) }),
      line('batch-5').trimEnd(),
    ];
    const { status, results } = await batch(lines.join(''));
    expect(status).toBe(200);
    expect(results.map(({ line: number, status: code, type }) => [number, code, type?.split(':').at(-1)])).toEqual([
      [1, 202, undefined],
      [2, 400, 'invalid_json'],
      [3, 400, 'invalid_request'],
      [4, 400, 'invalid_json'],
      [5, 422, 'self_report'],
      [6, 413, 'line_too_long'],
      [7, 202, undefined],
    ]);
    expect(results[2]!.errors).toEqual([{ pointer: '/extra', detail: 'is not a known field' }]);
    expect(await filed('batch-1')).toMatchObject([{ id: results[0]!.reportId }]);
    expect(await filed('batch-5')).toMatchObject([{ id: results[6]!.reportId }]);
    for (const subject of ['batch-2', 'batch-3', 'batch-4']) expect(await filed(subject)).toEqual([]);
  });

  it('refuses a line with a key that is never taken, together with its other faults', async () => {
    const { results } = await batch(line('proto-1', { x: 1 }).replace('{', '{"__proto__":1,'));
    expect(results).toMatchObject([{ line: 1, status: 400 }]);
    expect(results[0]!.errors!.map(({ pointer }) => pointer).sort()).toEqual(['/__proto__', '/x']);
    expect(await filed('proto-1')).toEqual([]);
  });

  it('gives the same reports to the same batch under the same key', async () => {
    const headers = { 'idempotency-key': 'batch-key' };
    const body = line('again') + line('again') + line('again', { reason: 'spam' });
    const first = await batch(body, headers);
    const second = await batch(body, headers);
    expect(second.results).toEqual(first.results);
    expect(new Set(first.results.map(({ reportId }) => reportId)).size).toBe(3);
  });

  it('answers another line under a key that was used with 409, as for a single report, and takes the others', async () => {
    const headers = { 'idempotency-key': 'reused-batch-key' };
    const first = await batch(line('kept') + line('replaced') + '{"broken":\n', headers);
    expect(first.results.map(({ status }) => status)).toEqual([202, 202, 400]);
    const second = await batch(line('kept') + line('replacement') + line('mended') + line('added'), headers);
    expect(second.status).toBe(200);
    expect(second.results.map(({ status }) => status)).toEqual([202, 409, 202, 202]);
    expect(second.results[0]!.reportId).toBe(first.results[0]!.reportId);
    expect(second.results[1]!.type).toBe('urn:ringside:problem:idempotency_key_reused');
    expect(await filed('replacement')).toEqual([]);
    const { body } = await request(intake, '/docs/openapi.json');
    const { parameters } = (body as { paths: Record<string, { post: { parameters: object[] } }> }).paths['/v1/reports:batch']!
      .post;
    expect(parameters).toMatchObject([{ name: 'Idempotency-Key', description: expect.stringMatching(/409 on its own line/) }]);
  });

  it('takes a thousand lines, and not one more', async () => {
    const full = await batch(line('thousand').repeat(1_000));
    expect(full.results.filter(({ status }) => status === 202)).toHaveLength(1_000);
    expect(new Set((await filed('thousand')).map(({ id }) => id)).size).toBe(1_000);
    expect(await batch(line('too-many').repeat(1_001))).toMatchObject({
      status: 413,
      body: { type: 'urn:ringside:problem:too_many_lines' },
    });
    expect(await filed('too-many')).toEqual([]);
  });

  it('refuses what is too large, empty, of another type or under a bad key as a whole', async () => {
    expect(await batch(`${'x'.repeat(60_000)}\n`.repeat(140))).toMatchObject({ status: 413 });
    expect(await batch('')).toMatchObject({ status: 400, body: { type: 'urn:ringside:problem:invalid_json' } });
    expect(await batch(line('a'), { 'content-type': 'application/json' })).toMatchObject({ status: 415 });
    expect(await batch(line('a'), { 'idempotency-key': 'a b' })).toMatchObject({
      status: 400,
      body: { errors: [{ header: 'idempotency-key' }] },
    });
  });

  it('says on each line that the log did not take it', async () => {
    intake.failAppends(true);
    const { results } = await batch(line('gone') + line('gone')).finally(() => intake.failAppends(false));
    expect(results).toMatchObject([
      { line: 1, status: 503 },
      { line: 2, status: 503 },
    ]);
    expect(await filed('gone')).toEqual([]);
  });
});

describe('batches at the same time', () => {
  it('share the turns of the event loop, so that others get theirs, and end in the order in which they came', async () => {
    let read = 0;
    let mostInTurn = 0;
    const nothing = (): void => undefined;
    const refusing = { clock: () => (read += 1), metrics: { refused: nothing }, lineFaults: nothing } as unknown as Intake;
    let isOver = false;
    const count = (): void => {
      mostInTurn = Math.max(mostInTurn, read);
      read = 0;
      if (!isOver) setImmediate(count);
    };
    setImmediate(count);
    const ended: number[] = [];
    const all = Array.from({ length: 8 }, async (_, batchNumber) => {
      await fileBatch(refusing, Buffer.from('{}\n'.repeat(100)), {});
      ended.push(batchNumber);
    });
    await Promise.all(all);
    isOver = true;
    expect(mostInTurn).toBe(50);
    expect(ended).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });
});
