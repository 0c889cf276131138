import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { uuidv7 } from '@ringside/core';
import { isAboutReporter, readReportForm } from '@ringside/intake-domain';
import { open } from 'lmdb';

import type { IntakeFloorInput } from '../rows/intake.js';
import { workerMain } from '../worker-process.js';

await workerMain(async ({ directory }: IntakeFloorInput, readyToGo) => {
  const table = open<Buffer, string>({ path: join(directory, 'data.mdb'), overlappingSync: false, encoding: 'binary' });

  async function take(bytes: Buffer, response: ServerResponse): Promise<void> {
    const read = readReportForm(JSON.parse(bytes.toString()), Date.now());
    if (!read.ok || isAboutReporter(read.value)) return void response.writeHead(400, { 'content-length': 0 }).end();
    const reportId = uuidv7();
    await table.put(reportId, bytes);
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
  const stored = table.getKeysCount();
  await table.close();
  return { stored };
});
