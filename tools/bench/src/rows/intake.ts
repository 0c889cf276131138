import { openEmbeddedEventLog } from '@ringside/event-log-embedded';
import { reportsTopic } from '@ringside/events';
import { join } from 'node:path';

import { compareAll } from '../compare.js';
import type { Measurement } from '../measurement.js';
import { expectCount, type BenchContext, type BenchRow, type RowResult } from '../row.js';
import { servicesThere, startServiceProcess } from '../service-process.js';
import { runWorker, startWorker } from '../worker-process.js';

export interface HttpLoadInput {
  readonly url: string;
  /** The server, whose CPU time is measured. */
  readonly pid: number;
  /** Servers that it uses in turn: their CPU time counts too. */
  readonly behind?: readonly number[];
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
  /** What a report is kept in: Ringside's own log, a bare LMDB file, or a file that lines are appended to. */
  readonly keeps: 'log' | 'lmdb' | 'file';
}

export interface IntakeFloorResult {
  readonly stored: number;
}

const service = 'report-intake';
const bareServer = 'a bare node:http server: JSON.parse, readReportForm (the same compiled validation), a UUIDv7';

export const intake: BenchRow = {
  name: 'intake',
  title: 'reports accepted over HTTP, each durable before its 202, 64 callers',
  run: (context) =>
    accepted(context, { connections: 64, requests: context.quick ? 5_000 : 30_000, warmUp: context.quick ? 2_000 : 6_000 }),
};

export const intakeAlone: BenchRow = {
  name: 'intake-alone',
  title: 'reports accepted over HTTP, each durable before its 202, one caller',
  run: (context) =>
    accepted(context, { connections: 1, requests: context.quick ? 500 : 6_000, warmUp: context.quick ? 200 : 1_500 }),
};

type Load = Omit<HttpLoadInput, 'url' | 'pid'>;

async function accepted(context: BenchContext, load: Load): Promise<RowResult> {
  if (!servicesThere().includes(service)) return { kind: 'skipped', why: `${service} is not in this workspace` };
  const floor = (keeps: IntakeFloorInput['keeps']) => () => floorRound(context, load, keeps);
  return compareAll(
    {
      subjectIs: `${service} as it runs in production, with its own projection of report statuses beside it; reports without evidence`,
      counted: 'reports',
      subject: () => subjectRound(context, load),
      others: [
        {
          name: 'bare',
          role: 'floor',
          is: `${bareServer}, the events of the report, EventLog.append of the same log, then the 202; same client, same bodies`,
          aimRatioMin: 0.8,
          run: floor('log'),
        },
        {
          name: 'bare, LMDB',
          role: 'floor',
          is: `${bareServer}, put() of the body's bytes into lmdb-js with overlappingSync: false, then the 202`,
          run: floor('lmdb'),
        },
        {
          name: 'bare, file',
          role: 'floor',
          is: `${bareServer}, the body's bytes as a line of a file, one fdatasync for all that wait, then the 202`,
          run: floor('file'),
        },
      ],
    },
    context,
  );
}

async function floorRound(context: BenchContext, load: Load, keeps: IntakeFloorInput['keeps']): Promise<Measurement> {
  const input: IntakeFloorInput = { directory: context.newDirectory(), keeps };
  const server = startWorker<IntakeFloorResult>('intake-floor', input);
  const { url, pid } = (await server.ready) as { url: string; pid: number };
  const result = await runWorker<HttpLoadResult>('http-load', { ...load, url, pid } satisfies HttpLoadInput);
  server.go();
  expectCount(`reports stored by the floor (${keeps})`, (await server.result).stored, result.accepted);
  return result;
}

async function subjectRound(context: BenchContext, load: Load): Promise<Measurement> {
  const directory = context.newDirectory();
  const server = await startServiceProcess(service, { ...context, dataDirectory: directory });
  const { url, pid } = server;
  const result = await runWorker<HttpLoadResult>('http-load', { ...load, url, pid } satisfies HttpLoadInput);
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
