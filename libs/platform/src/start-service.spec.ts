import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { EventPattern, Payload, Server, type CustomTransportStrategy } from '@nestjs/microservices';
import { Controller, Module } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { StartupError } from '@ringside/core';
import { pino } from 'pino';
import { Readiness, startService, type RunningService } from './index.js';
import { held, notesService, post, send, startNotes, stubs, until, type Health } from './service.fixture.js';

async function withService<T>(starting: Promise<RunningService>, use: (service: RunningService) => Promise<T>): Promise<T> {
  const service = await starting;
  try {
    return await use(service);
  } finally {
    await service.close();
  }
}

/** A client of its own that ends its side in the midst of a body, and prints what it is answered. */
const halfRequest = `
  const socket = require('node:net').connect(Number(process.argv[1]), '127.0.0.1', () => {
    process.stdout.write('connected');
    const head = 'POST /v1/notes HTTP/1.1\\r\\nhost: a\\r\\ncontent-type: application/json\\r\\ncontent-length: 100\\r\\n\\r\\n{';
    setTimeout(() => socket.end(head), 100);
  });
  socket.on('data', (bytes) => process.stdout.write(bytes));
`;

describe('operations', () => {
  it('is live without its dependencies, and ready only with them', async () => {
    let health: Health = { status: 'up' };
    await withService(startNotes(stubs(() => health)), async (service) => {
      expect(await send(service, '/health/ready')).toMatchObject({
        status: 200,
        body: {
          status: 'ok',
          eventLog: { driver: 'stub-log', status: 'up' },
          viewStore: { driver: 'stub-store', status: 'up' },
        },
      });
      health = { status: 'down', reason: 'unplugged' };
      expect(await send(service, '/health/ready')).toMatchObject({
        status: 503,
        body: { status: 'error', eventLog: { status: 'down', reason: 'unplugged' } },
      });
      expect(await send(service, '/health/live')).toMatchObject({ status: 200, body: { status: 'ok' } });
    });
  });

  it('asks contributed parts, and takes one that throws for down', async () => {
    await withService(startNotes(), async (service) => {
      const readiness = service.app.get(Readiness);
      readiness.contribute('subscriptions', () => ({ status: 'up', backlog: 3 }));
      expect(await send(service, '/health/ready')).toMatchObject({
        status: 200,
        body: { subscriptions: { status: 'up', backlog: 3 } },
      });
      readiness.contribute('subscriptions', () => Promise.reject(new Error('lost')));
      expect(await send(service, '/health/ready')).toMatchObject({ status: 503, body: { subscriptions: { reason: 'lost' } } });
    });
  });

  it('counts requests by route pattern, never by address', async () => {
    await withService(startNotes(), async (service) => {
      await send(service, '/v1/notes/secret-id');
      await send(service, '/v1/notes?limit=2');
      await send(service, '/v1/notes?limit=3');
      await send(service, '/some/secret-address');
      await post(service, '/v1/notes:batch', 'x', 'application/x-ndjson');
      const metrics = String((await send(service, '/metrics')).body);
      const count = 'http_server_request_duration_seconds_count';
      expect(metrics).toContain(`${count}{method="GET",route="/v1/notes/:noteId",status="404"} 1`);
      expect(metrics).toContain(`${count}{method="GET",route="/v1/notes",status="200"} 2`);
      expect(metrics).toContain(`${count}{method="any",route="unmatched",status="404"} 1`);
      expect(metrics).toContain('_bucket{le="+Inf",method="GET",route="/v1/notes",status="200"} 2');
      expect(metrics).toContain(`${count}{method="POST",route="/v1/notes:batch",status="201"} 1`);
      expect(metrics).not.toContain('secret');
    });
  });

  it('writes failed requests to the log, without their contents', async () => {
    const lines: string[] = [];
    const logger = pino({ level: 'info' }, { write: (line) => void lines.push(line) });
    await withService(startNotes({ logger }), async (service) => {
      await post(service, '/v1/notes', '{"title": "confidential", "lines": 7}');
      await post(service, '/v1/notes', '{"title": "confidential');
      await send(service, '/v1/words?word=confidential&confidential=1');
      await send(service, '/v1/failing', { headers: { authorization: 'Bearer confidential' } });
      await until(() => lines.some((line) => line.includes('"route":"/v1/failing"')));
    });
    expect(lines.join('')).not.toContain('confidential');
    expect(lines.map((line) => JSON.parse(line) as object)).toContainEqual(
      expect.objectContaining({ method: 'GET', route: '/v1/failing', status: 500, ms: expect.any(Number) }),
    );
  });
});

describe('documentation', () => {
  it('describes the API as OpenAPI 3.1 with its problems', async () => {
    await withService(startNotes(), async (service) => {
      const { body } = await send(service, '/docs/openapi.json');
      const problem = { content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/ProblemDto' } } } };
      expect(body).toMatchObject({
        openapi: '3.1.0',
        info: { title: 'Notes', version: '1.2.3' },
        paths: {
          '/v1/notes': {
            post: { responses: { 400: problem, 413: problem, 415: problem, 429: problem, 500: problem, 503: problem } },
          },
          '/v1/notes/{noteId}': { get: {} },
          '/v1/notes:batch': { post: {} },
          '/health/ready': { get: { responses: { 200: {}, 503: {} } } },
        },
        components: { schemas: { ProblemDto: {}, FaultDto: {} } },
      });
      expect(Object.keys((body as { paths: object }).paths)).not.toContain('/v1/notes::batch');
    });
  });

  it('serves Swagger UI under a policy that lets it run', async () => {
    await withService(startNotes(), async (service) => {
      const page = await send(service, '/docs');
      expect(page.status).toBe(200);
      expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
      const scripts = [...String(page.body).matchAll(/<script src="([^"]+)"/g)].map((match) => match[1]!);
      expect(scripts.length).toBeGreaterThan(1);
      for (const script of scripts) {
        const { pathname } = new URL(script, `${service.url}/docs`);
        expect(await send(service, pathname)).toMatchObject({ status: 200 });
      }
      // Inline scripts would be blocked by the policy.
      expect(String(page.body)).not.toMatch(/<script>[^<]*\S/);
    });
  });
});

describe('limits', () => {
  it("sets Helmet's headers on every answer", async () => {
    await withService(startNotes(), async (service) => {
      for (const path of ['/v1/notes', '/nowhere', '/v1/failing', '/health/live']) {
        const { headers } = await send(service, path);
        expect(headers.get('content-security-policy')).toBe("default-src 'none';frame-ancestors 'none'");
        expect(headers.get('x-content-type-options')).toBe('nosniff');
        expect(headers.get('strict-transport-security')).toContain('max-age=');
        expect(headers.get('x-powered-by')).toBeNull();
      }
    });
  });

  it('answers 503 beyond the requests in flight, but still says that it lives', async () => {
    await withService(startNotes({ config: { requestsInFlightMax: 2 } }), async (service) => {
      held.release.length = 0;
      const waiting = [send(service, '/v1/held'), send(service, '/v1/held')];
      await until(() => held.release.length === 2);
      const refused = await send(service, '/v1/notes');
      expect(refused).toMatchObject({ status: 503, body: { type: 'urn:ringside:problem:overloaded' } });
      expect(refused.headers.get('retry-after')).toBe('1');
      expect((await send(service, '/health/live')).status).toBe(200);
      for (const release of held.release) release();
      expect(await Promise.all(waiting)).toMatchObject([{ status: 200 }, { status: 200 }]);
      await until(async () => (await send(service, '/v1/notes')).status === 200);
    });
  });

  it('answers a request once that it puts off, and whose body breaks off', async () => {
    await withService(startNotes({ config: { requestsInFlightMax: 1 } }), async (service) => {
      held.release.length = 0;
      const waiting = send(service, '/v1/held');
      await until(() => held.release.length === 1);
      const client = spawn(process.execPath, ['-e', halfRequest, new URL(service.url).port], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let answer = '';
      client.stdout.setEncoding('utf8').on('data', (chunk: string) => (answer += chunk));
      await until(() => answer === 'connected');
      // Meanwhile it sends all of it, and ends: the service reads both at once, as it does where it has much to do.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
      await once(client, 'close');
      expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 503']);
      held.release[0]!();
      await waiting;
    });
  });

  it('answers 429 beyond the rate of a client, where one is set', async () => {
    await withService(startNotes({ config: { rateLimitPerMinute: 3 } }), async (service) => {
      for (let n = 0; n < 3; n += 1) expect((await send(service, '/v1/notes')).status).toBe(200);
      const refused = await send(service, '/v1/notes');
      expect(refused).toMatchObject({ status: 429, body: { type: 'urn:ringside:problem:rate_limited' } });
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(refused.headers.get('x-content-type-options')).toBe('nosniff');
      expect(refused.headers.get('x-ratelimit-limit')).toBeNull();
      expect((await send(service, '/health/live')).status).toBe(200);
    });
  });
});

describe('start and stop', () => {
  it('says in a sentence that a port is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await until(() => other.listening);
    const { port } = other.address() as AddressInfo;
    try {
      const starting = startService(notesService, { ...stubs(), config: { port } });
      await expect(starting).rejects.toThrow(StartupError);
      await expect(starting).rejects.toThrow(new RegExp(`^Port ${port} on 127.0.0.1 is in use: `));
    } finally {
      other.close();
    }
  });

  it('finishes what is under way, and is not ready meanwhile', async () => {
    const service = await startNotes();
    held.release.length = 0;
    const waiting = send(service, '/v1/held');
    await until(() => held.release.length === 1);
    const closing = service.close();
    await until(async () =>
      fetch(`${service.url}/health/live`).then(
        () => false,
        () => true,
      ),
    );
    held.release[0]!();
    expect(await waiting).toMatchObject({ status: 200, body: { done: true } });
    const started = Date.now();
    await closing;
    expect(Date.now() - started).toBeLessThan(3_000);
  });

  it('waits for no connection on which nothing came, or half a request', async () => {
    const service = await startNotes();
    const { port } = new URL(service.url);
    const [silent, slow] = [connect(Number(port), '127.0.0.1'), connect(Number(port), '127.0.0.1')];
    await Promise.all([once(silent, 'connect'), once(slow, 'connect')]);
    slow.write('GET /health/live HTTP/1.1\r\nhost: ');
    const ended = [silent, slow].map((socket) => {
      socket.on('error', () => undefined).resume();
      return new Promise((resolve) => socket.once('close', resolve));
    });
    await service.close();
    await Promise.all(ended);
  });

  it('ends what is under way when the time for it has run out', async () => {
    const service = await startNotes({ config: { drainMsMax: 300 } });
    held.release.length = 0;
    const waiting = send(service, '/v1/held').catch((error: unknown) => error);
    await until(() => held.release.length === 1);
    await service.close();
    expect(await waiting).toMatchObject({ name: 'TypeError', message: 'fetch failed' });
    held.release[0]!();
  });

  it('says on the answers of what was under way that their connections close', async () => {
    const service = await startNotes();
    held.release.length = 0;
    const { hostname, port } = new URL(service.url);
    const socket = connect(Number(port), hostname, () => socket.write('GET /v1/held HTTP/1.1\r\nhost: a\r\n\r\n'));
    let answer = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => (answer += chunk));
    const ended = once(socket, 'end');
    await until(() => held.release.length === 1);
    const closing = service.close();
    held.release[0]!();
    await ended;
    socket.destroy();
    expect(answer).toMatch(/^HTTP\/1.1 200 /);
    expect(answer.toLowerCase()).toContain('\r\nconnection: close\r\n');
    expect(answer.toLowerCase()).not.toContain('keep-alive');
    await closing;
  });

  it('connects microservices after initialisation, and drains them after HTTP', async () => {
    const steps: string[] = [];
    @Controller()
    class Handlers {
      @EventPattern('thing.happened')
      handle(@Payload() data: string): void {
        steps.push(`handled ${data}`);
      }
    }
    @Module({ controllers: [Handlers] })
    class EventsModule {
      onApplicationBootstrap = () => void steps.push('initialised');
      onApplicationShutdown = (signal?: string) => void steps.push(`shut down by ${signal}`);
    }
    class Strategy extends Server implements CustomTransportStrategy {
      listen(callback: () => void): void {
        steps.push('listening');
        void Promise.resolve(this.getHandlerByPattern('thing.happened')!('once')).then(() => callback());
      }
      close = (): void => void steps.push('drained');
      on = (): void => undefined;
      unwrap = <T>(): T => undefined as T;
    }
    const definition = { ...notesService, module: () => EventsModule, microservices: () => [{ strategy: new Strategy() }] };
    const service = await startService(definition, stubs());
    expect(steps).toEqual(['initialised', 'listening', 'handled once']);
    await service.close('SIGTERM');
    expect(steps.slice(3)).toEqual(['drained', 'shut down by SIGTERM']);
  });
});
