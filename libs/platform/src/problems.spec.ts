import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RunningService } from './index.js';
import { post, send, startNotes, type Answer } from './service.fixture.js';

let service: RunningService;
beforeAll(async () => {
  service = await startNotes();
});
afterAll(() => service.close());

const problem = (status: number, code: string) => ({
  status,
  body: expect.objectContaining({
    type: `urn:ringside:problem:${code}`,
    status,
    title: expect.any(String),
    detail: expect.any(String),
  }),
});

/** Pointers and names of parameters of an answer's faults. */
const placesOf = (answer: Answer): readonly string[] =>
  (answer.body as { errors: { pointer?: string; parameter?: string }[] }).errors
    .map(({ pointer, parameter }) => pointer ?? parameter!)
    .sort();

const note = { title: 'hello', lines: [{ text: 'a' }] };

/** What the server writes to a connection on which exactly this was sent. */
function raw(text: string): Promise<string> {
  const { hostname, port } = new URL(service.url);
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(Number(port), hostname, () => socket.write(text));
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => (answer += chunk));
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
  });
}

describe('problem documents', () => {
  it('says that a route is unknown', async () => {
    const answer = await send(service, '/v1/nothing?secret=1');
    expect(answer).toMatchObject(problem(404, 'not_found'));
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(JSON.stringify(answer.body)).not.toContain('secret');
  });

  it('names the methods of a known address', async () => {
    const answer = await send(service, '/v1/notes', { method: 'DELETE' });
    expect(answer).toMatchObject(problem(405, 'method_not_allowed'));
    expect(answer.headers.get('allow')).toBe('GET, HEAD, POST');
    expect(await send(service, '/v1/notes:batch', { method: 'GET' })).toMatchObject(problem(405, 'method_not_allowed'));
    expect(await send(service, '/v1/notes/7', { method: 'PUT', body: '{}' })).toMatchObject(problem(405, 'method_not_allowed'));
  });

  it('passes on what a handler refuses', async () => {
    expect(await send(service, '/v1/notes/seven')).toMatchObject(problem(404, 'not_found'));
  });

  it('keeps an unexpected error to itself', async () => {
    const answer = await send(service, '/v1/failing');
    expect(answer).toMatchObject(problem(500, 'internal'));
    expect(JSON.stringify(answer.body)).not.toMatch(/secret|at .*\.ts/);
  });

  it('asks to come back when a dependency is away', async () => {
    const answer = await send(service, '/v1/unavailable');
    expect(answer).toMatchObject(problem(503, 'unavailable'));
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(JSON.stringify(answer.body)).not.toContain('10.0.0.1');
  });

  it.each([
    [
      'an address that does not decode',
      'GET /v1/notes/%zz HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n',
      400,
      'malformed_request',
    ],
    ['what is not HTTP', 'HELLO\r\n\r\n', 400, 'malformed_request'],
    [
      'headers beyond 16 KiB',
      `GET /v1/notes HTTP/1.1\r\nhost: a\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`,
      431,
      'headers_too_large',
    ],
    [
      'a path parameter beyond 256 characters',
      `GET /v1/notes/${'x'.repeat(300)} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n`,
      414,
      'uri_too_long',
    ],
    ['a request without Host', 'GET /v1/notes HTTP/1.1\r\nconnection: close\r\n\r\n', 400, 'malformed_request'],
    [
      'a request with two Hosts',
      'GET /v1/notes HTTP/1.1\r\nhost: a\r\nHost: b\r\nconnection: close\r\n\r\n',
      400,
      'malformed_request',
    ],
    ['a Host that is none', 'GET /v1/notes HTTP/1.1\r\nhost: a/b@c\r\nconnection: close\r\n\r\n', 400, 'malformed_request'],
    ['HTTP/0.9', 'GET /v1/notes\r\n\r\n', 400, 'malformed_request'],
    [
      'an expectation that nobody meets',
      'POST /v1/notes HTTP/1.1\r\nhost: a\r\nexpect: cake\r\nconnection: close\r\ncontent-length: 0\r\n\r\n',
      417,
      'expectation_failed',
    ],
  ])('answers %s', async (_what, request, status, code) => {
    const answer = await raw(request);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer.toLowerCase()).toContain('content-type: application/problem+json');
    expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))).toMatchObject({
      type: `urn:ringside:problem:${code}`,
      status,
    });
  });
});

describe('requests of other times', () => {
  it('need no Host in HTTP/1.0', async () => {
    expect(await raw('GET /v1/notes HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1.1 200 /);
  });

  it('may wait for a 100 before they send their body', async () => {
    const body = JSON.stringify(note);
    const headers = `host: a\r\nexpect: 100-continue\r\ncontent-type: application/json\r\ncontent-length: ${body.length}`;
    const answer = await raw(`POST /v1/notes HTTP/1.1\r\n${headers}\r\nconnection: close\r\n\r\n${body}`);
    expect(answer).toMatch(/^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 201 /);
  });
});

describe('bodies', () => {
  it.each(['gzip', 'br', 'identity, gzip'])('refuses one that is encoded as %s', async (encoding) => {
    const headers = { 'content-type': 'application/json', 'content-encoding': encoding };
    const answer = await send(service, '/v1/notes', { method: 'POST', body: JSON.stringify(note), headers });
    expect(answer).toMatchObject(problem(415, 'unsupported_media_type'));
    expect(answer.headers.get('accept-encoding')).toBe('identity');
  });

  it('takes one that is encoded as identity, which is not at all', async () => {
    const headers = { 'content-type': 'application/json', 'content-encoding': 'Identity' };
    expect(await send(service, '/v1/notes', { method: 'POST', body: JSON.stringify(note), headers })).toMatchObject({
      status: 201,
    });
  });

  it('takes what is valid, with a charset of UTF-8 too', async () => {
    expect(await post(service, '/v1/notes', JSON.stringify(note))).toMatchObject({ status: 201, body: { title: 'hello' } });
    expect(await post(service, '/v1/notes', JSON.stringify(note), 'application/json; charset=UTF-8')).toMatchObject({
      status: 201,
    });
  });

  it.each([
    ['no JSON', '{"title": "leaky', 'application/json', 400, 'invalid_json'],
    ['nothing', '', 'application/json', 400, 'invalid_request'],
    ['white space', ' ', 'application/json', 400, 'invalid_json'],
    ['bytes that are not UTF-8', new Uint8Array([0x22, 0xff, 0x22]), 'application/json', 400, 'invalid_json'],
    ['deep nesting', '['.repeat(60_000), 'application/json', 400, 'invalid_json'],
    ['null', 'null', 'application/json', 400, 'invalid_request'],
    ['a list', '[]', 'application/json', 400, 'invalid_request'],
    ['another type', 'title=hello', 'application/x-www-form-urlencoded', 415, 'unsupported_media_type'],
    ['text', '{}', 'text/plain', 415, 'unsupported_media_type'],
    ['another charset', '{}', 'application/json; charset=utf-16', 415, 'unsupported_media_type'],
    ['a format of another route', '{}', 'application/x-ndjson', 415, 'unsupported_media_type'],
    ['more than 64 KiB', JSON.stringify({ title: 'x'.repeat(70_000) }), 'application/json', 413, 'body_too_large'],
    ['much more than 64 KiB', JSON.stringify({ title: 'x'.repeat(3_000_000) }), 'application/json', 413, 'body_too_large'],
  ])('refuses %s', async (_what, body, contentType, status, code) => {
    const answer = await post(service, '/v1/notes', body, contentType);
    expect(answer).toMatchObject(problem(status, code));
    expect(JSON.stringify(answer.body)).not.toContain('leaky');
  });

  it('refuses a body without its type, and finds no body where there is none', async () => {
    const untyped = await send(service, '/v1/notes', { method: 'POST', body: new Uint8Array([0x7b, 0x7d]) });
    expect(untyped).toMatchObject(problem(415, 'unsupported_media_type'));
    for (const headers of [{}, { 'content-type': 'application/json' }]) {
      const missing = await send(service, '/v1/notes', { method: 'POST', headers });
      expect(missing).toMatchObject(problem(400, 'invalid_request'));
      expect(placesOf(missing)).toEqual(['/lines', '/title']);
    }
  });

  it('takes an empty body where a route asks for none, and refuses what it would not look at', async () => {
    const path = '/v1/notes/7/shred';
    for (const headers of [{}, { 'content-type': 'application/json' }]) {
      expect(await send(service, path, { method: 'POST', headers })).toMatchObject({ status: 201, body: { shredded: '7' } });
    }
    expect((await post(service, path, '{}')).status).toBe(201);
    const unasked = await post(service, path, '{"foo":1,"a/b":{},"__proto__":{}}');
    expect(unasked).toMatchObject(problem(400, 'invalid_request'));
    expect(placesOf(unasked)).toEqual(['/__proto__', '/a~1b', '/foo']);
    for (const body of ['null', '[]', '7']) {
      expect(await post(service, path, body)).toMatchObject(problem(400, 'invalid_request'));
    }
  });

  it('does not mistake brackets within a string for nesting', async () => {
    const answer = await post(service, '/v1/notes', JSON.stringify({ ...note, lines: [{ text: '[{"\\['.repeat(500) }] }));
    expect(answer.status).toBe(201);
  });

  it('points at every key that would reach a prototype', async () => {
    const answer = await post(
      service,
      '/v1/notes',
      '{"title":"a","__proto__":{"x":1},"lines":[{"text":"b","constructor":{"prototype":{}},"\\u005f_proto__":1}]}',
    );
    expect(answer).toMatchObject(problem(400, 'invalid_request'));
    expect(placesOf(answer)).toEqual(['/__proto__', '/lines/0/__proto__', '/lines/0/constructor']);
  });

  it('tells of such keys together with what else is wrong', async () => {
    const answer = await post(service, '/v1/notes', '{"title":7,"__proto__":{},"lines":[{"constructor":1}],"extra":1}');
    expect(answer).toMatchObject(problem(400, 'invalid_request'));
    expect(placesOf(answer)).toEqual(['/__proto__', '/extra', '/lines/0/constructor', '/lines/0/text', '/title']);
    const list = await post(service, '/v1/notes', '[{"__proto__":1}]');
    expect(placesOf(list)).toEqual(['', '/0/__proto__']);
  });

  it('refuses a key that is given twice, together with what else is wrong', async () => {
    const answer = await post(
      service,
      '/v1/notes',
      '{"title":"a","title":"too long","lines":[{"text":"a","\\u0074ext":"b"}],"x":1}',
    );
    expect(answer).toMatchObject(problem(400, 'invalid_request'));
    expect(placesOf(answer)).toEqual(['/lines/0/text', '/title', '/title', '/x']);
    const unasked = await post(service, '/v1/notes/7/shred', '{"a":1,"a":2}');
    expect(placesOf(unasked)).toEqual(['/a', '/a']);
  });

  it.each([
    ['a key given 5,000 times', `{"${'A'.repeat(32_000)}":{${'"a":1,'.repeat(5_000)}"b":1}}`],
    ['a key that is never taken, 1,500 times', `{"${'A'.repeat(32_000)}":[${'{"__proto__":1},'.repeat(1_500)}0]}`],
    [
      'a key that class-transformer passes over, 1,500 times',
      `{"${'A'.repeat(32_000)}":[${'{"constructor":1},'.repeat(1_500)}0]}`,
    ],
    ['5,000 unknown fields', `{${Array.from({ length: 5_000 }, (_, i) => `"${i}":1`).join()}}`],
  ])('lists the first 50 faults of many: %s', async (_name, body) => {
    const answer = await post(service, '/v1/notes', body);
    expect(answer).toMatchObject(problem(400, 'invalid_request'));
    const { errors } = answer.body as { errors: unknown[] };
    expect(errors).toHaveLength(51);
    expect(errors.at(-1)).toEqual({ pointer: '', detail: 'has more faults than the 50 that are listed' });
    expect(JSON.stringify(answer.body).length).toBeLessThan(20_000);
  });

  it('takes a field that is null for one that is absent, if it knows the field', async () => {
    const answer = await post(service, '/v1/notes', '{"title":null,"lines":[{"text":null},null],"extra":null}');
    expect((answer.body as { errors: unknown[] }).errors).toEqual(
      expect.arrayContaining([
        { pointer: '/title', detail: 'is required' },
        { pointer: '/lines/0/text', detail: 'is required' },
        { pointer: '/extra', detail: 'is not a known field' },
      ]),
    );
  });

  it('lists every fault of a body with its pointer', async () => {
    const answer = await post(service, '/v1/notes', JSON.stringify({ title: 'too long', lines: [{ text: 1 }, {}], 'a/b': 1 }));
    expect(answer).toMatchObject(problem(400, 'invalid_request'));
    const { errors } = answer.body as { errors: unknown[] };
    expect(errors).toHaveLength(4);
    expect(errors).toEqual(
      expect.arrayContaining([
        { pointer: '/title', detail: 'must be at most 5 characters' },
        { pointer: '/lines/0/text', detail: 'must be a string' },
        { pointer: '/lines/1/text', detail: 'is required' },
        { pointer: '/a~1b', detail: 'is not a known field' },
      ]),
    );
  });

  it('takes a format where it is declared, up to its own limit, and no other there', async () => {
    expect(await post(service, '/v1/notes:batch', 'x'.repeat(90_000), 'application/x-ndjson')).toMatchObject({
      status: 201,
      body: { bytes: 90_000 },
    });
    expect(await post(service, '/v1/notes:batch', 'x'.repeat(100_001), 'application/x-ndjson')).toMatchObject({ status: 413 });
    expect(await post(service, '/v1/notes:batch', '{}')).toMatchObject({ status: 415 });
  });
});

describe('queries', () => {
  it('reads them with their defaults', async () => {
    expect((await send(service, '/v1/notes')).body).toEqual({ limit: 50 });
    expect((await send(service, '/v1/notes?limit=200&cursor=abc')).body).toEqual({ limit: 200, cursor: 'abc' });
  });

  it.each(['limit=0', 'limit=201', 'limit=', 'limit=1e1', 'limit=abc', 'limit=1&limit=2'])('refuses %s', async (query) => {
    const answer = await send(service, `/v1/notes?${query}`);
    expect(answer).toMatchObject(problem(400, 'invalid_request'));
    expect(answer.body).toMatchObject({ errors: [{ parameter: 'limit', detail: 'must be a whole number from 1 to 200' }] });
  });

  it('refuses those that it does not know', async () => {
    const answer = await send(service, '/v1/notes?sort=up&cursor=a&cursor=b');
    expect((answer.body as { errors: unknown[] }).errors).toEqual([
      { parameter: 'sort', detail: 'is not a known field' },
      { parameter: 'cursor', detail: 'must be given once' },
    ]);
  });

  it.each(['__proto__', 'constructor'])('refuses %s, which nobody knows either', async (name) => {
    const answer = await send(service, `/v1/notes?${name}=1&limit=0`);
    expect(answer).toMatchObject(problem(400, 'invalid_request'));
    expect(placesOf(answer)).toEqual([name, 'limit'].sort());
  });

  it('refuses those of routes that take none, but not of health and metrics', async () => {
    for (const [path, method] of [
      ['/v1/notes/7?a=1', 'GET'],
      ['/v1/notes/7/shred?a=1', 'POST'],
    ] as const) {
      const answer = await send(service, path, { method });
      expect(answer).toMatchObject(problem(400, 'invalid_request'));
      expect(answer.body).toMatchObject({ errors: [{ parameter: 'a', detail: 'is not a known field' }] });
    }
    expect((await send(service, '/health/live?a=1')).status).toBe(200);
    expect((await send(service, '/metrics?a=1')).status).toBe(200);
  });

  it('says once of a parameter that is missing that it is required', async () => {
    const answer = await send(service, '/v1/words');
    expect(answer.body).toMatchObject({ errors: [{ parameter: 'word', detail: 'is required' }] });
    expect((answer.body as { errors: unknown[] }).errors).toHaveLength(1);
  });
});
