import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import Fastify, { type FastifyInstance } from 'fastify';
import { until } from './service.fixture.js';
import { limitUnderWay } from './under-way.js';

let fastify: FastifyInstance;
let port: number;
/** Requests that wait in a hook, as those do whose token is verified. */
let waiting: (() => void)[];
/** Requests that were answered, or would have been if anybody were there. */
let handled: number;
/** Requests that are at work. */
let held: (() => void)[];

beforeEach(async () => {
  [waiting, handled, held] = [[], 0, []];
  fastify = Fastify();
  fastify.setErrorHandler((_error, _request, reply) => reply.code(503).send());
  limitUnderWay(fastify, 2);
  fastify.addHook('onRequest', async (request) => {
    if (request.url === '/waits') await new Promise<void>((resolve) => waiting.push(resolve));
  });
  fastify.get('/waits', () => ({ handled: (handled += 1) }));
  fastify.get('/held', () => new Promise((resolve) => held.push(() => resolve({}))));
  fastify.get('/', () => ({}));
  await fastify.listen({ host: '127.0.0.1', port: 0 });
  ({ port } = fastify.server.address() as AddressInfo);
});
afterEach(() => fastify.close());

const status = async (): Promise<number> => (await fetch(`http://127.0.0.1:${port}/`)).status;

const openConnections = (): Promise<number> =>
  new Promise((resolve, reject) =>
    fastify.server.getConnections((error, count) => (error === null ? resolve(count) : reject(error))),
  );

it('keeps no place for a client who went away before its request was at work', async () => {
  for (let aborted = 1; aborted <= 3; aborted++) {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    socket.write('GET /waits HTTP/1.1\r\nhost: a\r\n\r\n');
    await until(() => waiting.length === aborted);
    socket.destroy();
    await until(async () => (await openConnections()) === 0);
    waiting.at(-1)!();
    await until(() => handled === aborted);
  }
  expect(await status()).toBe(200);
});

it('gives the place of a client back who goes away while its request is at work', async () => {
  const sockets = [1, 2].map(() => connect(port, '127.0.0.1'));
  for (const socket of sockets) socket.write('GET /held HTTP/1.1\r\nhost: a\r\n\r\n');
  await until(() => held.length === 2);
  expect(await status()).toBe(503);
  for (const socket of sockets) socket.destroy();
  await until(async () => (await status()) === 200);
  for (const release of held) release();
});
