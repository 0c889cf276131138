import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { isoTime, uuidv7 } from '@ringside/core';
import { standalone } from '@ringside/data-ring';
import { openEmbeddedEventLog } from '@ringside/event-log-embedded';
import { reportsTopic } from '@ringside/events';
import { isAboutReporter, readReportForm, reportEvents, type ReportForm } from '@ringside/intake-domain';
import { open } from 'lmdb';

import { openGroupCommitFile } from '../group-commit-file.js';
import type { IntakeFloorInput, IntakeFloorResult } from '../rows/intake.js';
import { workerMain } from '../worker-process.js';

interface Received {
  readonly reportId: string;
  readonly form: ReportForm;
  readonly bytes: Buffer;
}

/** Where the floor keeps what it accepts. */
interface Keeper {
  /** Resolves when it is on disk. */
  keep(received: Received): Promise<unknown>;
  /** How many reports there are. */
  close(): Promise<number>;
}

const keepers: Record<IntakeFloorInput['keeps'], (directory: string) => Promise<Keeper>> = {
  async log(directory) {
    const log = await openEmbeddedEventLog({ directory: join(directory, 'event-log') });
    await log.createTopic(reportsTopic.topic, reportsTopic);
    const { region, homeOf, recordOf } = standalone('local');
    return {
      keep: ({ reportId, form }) => {
        const subjectHomeRegion = homeOf(form.subjectId);
        const origin = { reportId, filedAt: isoTime(Date.now()), region, subjectHomeRegion, source: 'report-intake' };
        return log.append(reportEvents(form, origin).map(recordOf));
      },
      async close() {
        let records = 0;
        for (const { partition } of await log.heads(reportsTopic.topic)) {
          for await (const _ of log.read({ topic: reportsTopic.topic, partition })) records += 1;
        }
        await log.close();
        return records;
      },
    };
  },
  async lmdb(directory) {
    const table = open<Buffer, string>({ path: join(directory, 'data.mdb'), overlappingSync: false, encoding: 'binary' });
    return {
      keep: ({ reportId, bytes }) => table.put(reportId, bytes),
      async close() {
        const stored = table.getKeysCount();
        await table.close();
        return stored;
      },
    };
  },
  async file(directory) {
    const path = join(directory, 'reports.ndjson');
    const file = await openGroupCommitFile(path);
    return {
      keep: ({ bytes }) => file.append(bytes),
      async close() {
        await file.close();
        return readFileSync(path, 'latin1').split('\n').length - 1;
      },
    };
  },
};

await workerMain(async ({ directory, keeps }: IntakeFloorInput, readyToGo): Promise<IntakeFloorResult> => {
  const keeper = await keepers[keeps](directory);

  async function take(bytes: Buffer, response: ServerResponse): Promise<void> {
    const read = readReportForm(JSON.parse(bytes.toString()), Date.now());
    if (!read.ok || isAboutReporter(read.value)) return void response.writeHead(400, { 'content-length': 0 }).end();
    const reportId = uuidv7();
    await keeper.keep({ reportId, form: read.value, bytes });
    const body = `{"reportId":"${reportId}","status":"received"}`;
    response
      .writeHead(202, {
        location: `/v1/reports/${reportId}`,
        'content-type': 'application/json; charset=utf-8',
        'content-length': body.length,
      })
      .end(body);
  }

  const server = createServer((request: IncomingMessage, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => void take(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks), response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  await readyToGo({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, pid: process.pid });
  server.close();
  return { stored: await keeper.close() };
});
