import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { generateReports, type GeneratedReport } from './generate-reports.js';
import { createIntakeClient, type IntakeClientOptions, type Outcome } from './intake-client.js';

/** What the fake intake does with a request: answers it, or ends the connection. */
type Answer = { readonly status: number; readonly body: string; readonly headers?: Record<string, string> } | 'reset';

interface Request {
  readonly path: string;
  readonly key: string | undefined;
  readonly contentType: string | undefined;
  readonly body: string;
}

let server: Server;
let requests: Request[];
let answers: Answer[];

const accepted: Answer = { status: 202, body: '{"reportId":"r1","status":"received"}' };
const problem = (status: number, code: string, headers: Record<string, string> = {}): Answer => ({
  status,
  body: JSON.stringify({ type: `urn:ringside:problem:${code}`, status }),
  headers,
});

beforeEach(async () => {
  requests = [];
  answers = [];
  server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const { url, headers } = request;
      requests.push({ path: url!, key: headers['idempotency-key'] as string, contentType: headers['content-type'], body });
      const answer = answers.shift() ?? accepted;
      if (answer === 'reset') (request.socket as Socket).resetAndDestroy();
      else response.writeHead(answer.status, answer.headers).end(answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterEach(() => new Promise((resolve) => server.close(resolve)));

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function take(count: number): readonly GeneratedReport[] {
  const stream = generateReports({ seed: 'client', run: 'c', startedAt: 0 });
  return Array.from({ length: count }, () => stream.next().value);
}

async function submit(reports: number, options: Partial<IntakeClientOptions> = {}): Promise<readonly Outcome[]> {
  const client = createIntakeClient({
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections: 2,
    idempotency: true,
    deadlineMs: 5_000,
    signal: new AbortController().signal,
    ...options,
  });
  return client.submit(take(reports)).finally(() => client.close());
}

describe('the intake client', () => {
  it('sends a report under its key, and has its id', async () => {
    const [report] = take(1);
    expect(await submit(1)).toMatchObject([{ kind: 'accepted', reportId: 'r1' }]);
    const body = JSON.stringify(report!.form);
    expect(requests).toEqual([{ path: '/v1/reports', key: report!.key, contentType: 'application/json', body }]);
  });

  it.each<[string, Answer]>([
    ['503', problem(503, 'unavailable', { 'retry-after': '0' })],
    ['429', problem(429, 'rate_limited')],
    ['a connection that ends', 'reset'],
  ])('sends the same under the same key again after %s', async (_name, answer) => {
    answers.push(answer, answer);
    const retries: string[] = [];
    expect(await submit(1, { onRetry: (because) => retries.push(because) })).toMatchObject([{ kind: 'accepted' }]);
    expect(requests).toHaveLength(3);
    expect(new Set(requests.map(({ key, body }) => `${key} ${body}`)).size).toBe(1);
    expect(retries).toHaveLength(2);
  });

  it('waits as long as it is told to', async () => {
    answers.push(problem(503, 'unavailable', { 'retry-after': '1' }));
    const startedAt = performance.now();
    await submit(1);
    expect(performance.now() - startedAt).toBeGreaterThan(700);
  });

  it('takes a refusal as it is', async () => {
    answers.push(problem(422, 'self_report'));
    expect(await submit(1)).toEqual([{ kind: 'refused', problem: 'self_report' }]);
    expect(requests).toHaveLength(1);
  });

  it('does not know what became of a report that no answer settles in time', async () => {
    answers.push('reset', 'reset', 'reset', 'reset', 'reset', 'reset', 'reset', 'reset');
    expect(await submit(1, { deadlineMs: 150 })).toMatchObject([{ kind: 'unknown' }]);
    answers.length = 0;
    answers.push(problem(500, 'internal'));
    expect(await submit(1)).toEqual([{ kind: 'unknown', because: 'internal' }]);
  });

  it('without a key, sends nothing again that may have been stored', async () => {
    answers.push('reset');
    expect(await submit(1, { idempotency: false })).toMatchObject([{ kind: 'unknown' }]);
    expect(requests.map(({ key }) => key)).toEqual([undefined]);
    answers.push(problem(429, 'rate_limited'));
    expect(await submit(1, { idempotency: false })).toMatchObject([{ kind: 'accepted' }]);
  });

  it('sends several as one batch, whole again where one of them was not settled', async () => {
    const line = (number: number, result: object): string => JSON.stringify({ line: number, ...result });
    const notNow = line(2, { status: 503, type: 'urn:ringside:problem:unavailable' });
    const refused = line(2, { status: 400, type: 'urn:ringside:problem:invalid_request' });
    const taken = (number: number): string => line(number, { status: 202, reportId: `r${number}` });
    answers.push({ status: 200, body: `${taken(1)}\n${notNow}\n${taken(3)}\n` });
    answers.push({ status: 200, body: `${taken(1)}\n${refused}\n${taken(3)}\n` });
    expect(await submit(3)).toMatchObject([
      { kind: 'accepted', reportId: 'r1' },
      { kind: 'refused', problem: 'invalid_request' },
      { kind: 'accepted', reportId: 'r3' },
    ]);
    expect(requests.map(({ path, contentType }) => [path, contentType])).toEqual([
      ['/v1/reports:batch', 'application/x-ndjson'],
      ['/v1/reports:batch', 'application/x-ndjson'],
    ]);
    expect(requests[0]).toEqual(requests[1]);
    expect(requests[0]!.body.split('\n').map((text) => JSON.parse(text))).toEqual(take(3).map(({ form }) => form));
  });
});
