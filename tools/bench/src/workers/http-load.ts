import { reportReasons } from '@ringside/events';

import { byCallers } from '../callers.js';
import { readCpu } from '../foreign-load.js';
import { openConnection, postRequest } from '../http-connection.js';
import type { HttpLoadInput, HttpLoadResult } from '../rows/intake.js';
import { sampleForms } from '../sample-forms.js';
import { workerMain } from '../worker-process.js';

const reasons = reportReasons.filter(({ needsDescription }) => !needsDescription).map(({ reason }) => reason);

await workerMain(async (input: HttpLoadInput): Promise<HttpLoadResult> => {
  const url = new URL(input.url);
  const requests = sampleForms(5_000, reasons).map((form) => postRequest(url, '/v1/reports', JSON.stringify(form)));
  const idle = await Promise.all(Array.from({ length: input.connections }, () => openConnection(url)));
  let accepted = 0;
  const send = async (index: number): Promise<void> => {
    const connection = idle.pop()!;
    const { status, body } = await connection.send(requests[index % requests.length]!);
    if (status !== 202) throw new Error(`A report was answered ${status}: ${body}`);
    accepted += 1;
    idle.push(connection);
  };
  await byCallers(input.connections, input.warmUp, send);
  const servers = [input.pid, ...(input.behind ?? [])];
  const cpuBefore = readCpu(servers).own;
  const before = performance.now();
  await byCallers(input.connections, input.requests, send);
  const seconds = (performance.now() - before) / 1_000;
  const cpuSeconds = readCpu(servers).own - cpuBefore;
  for (const connection of idle) connection.close();
  return { events: input.requests, seconds, cpuSeconds, accepted };
});
