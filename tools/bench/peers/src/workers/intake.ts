import 'reflect-metadata';

import { fastify } from 'fastify';

import type { PeerIntakeInput } from '../../../dist/peers/contestants.js';
import { workerMain } from '../../../dist/worker-process.js';
import { filedReport, receiptOf } from '../filed-report.js';
import { openStore } from '../open-store.js';

await workerMain(async ({ store: name, url }: PeerIntakeInput, readyToGo) => {
  const store = await openStore(name, { url });
  const server = fastify();
  server.post('/v1/reports', async ({ body }, reply) => {
    const report = filedReport(body);
    if (report === undefined) return reply.code(400).send();
    await store.append(report);
    return reply.code(202).header('location', `/v1/reports/${report.id}`).send(receiptOf(report));
  });
  await readyToGo({ url: await server.listen({ host: '127.0.0.1', port: 0 }), pid: process.pid });
  await server.close();
  const stored = await store.count();
  await store.close();
  return { stored };
});
