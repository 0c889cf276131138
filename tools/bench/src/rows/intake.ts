import { openEmbeddedEventLog } from '@ringside/event-log-embedded';
import { reportsTopic } from '@ringside/events';
import { join } from 'node:path';

import { compare } from '../compare.js';
import type { Measurement } from '../measurement.js';
import { expectCount, type BenchContext, type BenchRow, type RowResult } from '../row.js';
import { servicesThere, startServiceProcess } from '../service-process.js';
import { runWorker, startWorker } from '../worker-process.js';

export interface HttpLoadInput {
  readonly url: string;
  /** The server, whose CPU time is measured. */
  readonly pid: number;
  readonly connections: number;
  readonly requests: number;
  readonly warmUp: number;
}

export interface HttpLoadResult extends Measurement {
  /** Answers with 202, the warm-up's included. */
  readonly accepted: number;
}

export interface IntakeFloorInput {
  readonly directory: string;
}

const service = 'report-intake';

export const intake: BenchRow = {
  name: 'intake',
  title: 'POST /v1/reports, each durable before its 202',
  run: async (context): Promise<RowResult> => {
    if (!servicesThere().includes(service)) return { kind: 'skipped', why: `${service} is not in this workspace` };
    return compare(
      {
        subjectIs: `${service} as it runs in production, with its own projection of report statuses beside it; 64 connections, reports without evidence`,
        floorIs:
          "a bare node:http server: JSON.parse, readReportForm (the same compiled validation), a UUIDv7, put() of the body's bytes into lmdb-js with overlappingSync: false, then the 202; same client, same bodies",
        aimRatioMin: 0.7,
        floor: () => floorRound(context),
        subject: () => subjectRound(context),
      },
      context,
    );
  },
};

const load = (context: BenchContext, url: string, pid: number): HttpLoadInput => ({
  url,
  pid,
  connections: 64,
  requests: context.quick ? 10_000 : 30_000,
  warmUp: 4_000,
});

async function floorRound(context: BenchContext): Promise<Measurement> {
  const input: IntakeFloorInput = { directory: context.newDirectory() };
  const server = startWorker<{ readonly stored: number }>('intake-floor', input);
  const { url, pid } = (await server.ready) as { url: string; pid: number };
  const result = await runWorker<HttpLoadResult>('http-load', load(context, url, pid));
  server.go();
  expectCount('reports stored by the floor', (await server.result).stored, result.accepted);
  return result;
}

async function subjectRound(context: BenchContext): Promise<Measurement> {
  const directory = context.newDirectory();
  const server = await startServiceProcess(service, { ...context, dataDirectory: directory });
  const result = await runWorker<HttpLoadResult>('http-load', load(context, server.url, server.pid));
  await server.stop();
  expectCount('reports on the log', await reportsOnLog(directory), result.accepted);
  return result;
}

async function reportsOnLog(directory: string): Promise<number> {
  const log = await openEmbeddedEventLog({ directory: join(directory, 'event-log') });
  const ids = new Set<string>();
  for (const { partition } of await log.heads(reportsTopic.topic)) {
    for await (const { id } of log.read({ topic: reportsTopic.topic, partition })) ids.add(id);
  }
  await log.close();
  return ids.size;
}
