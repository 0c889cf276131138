import { join } from 'node:path';
import { reportReasons } from '@ringside/events';
import { openCqlViewStore } from '@ringside/view-store-cql';
import { openEmbeddedViewStore } from '@ringside/view-store-embedded';

import { connectionPool } from '../connection-pool.js';
import { openConnection, postRequest } from '../http-connection.js';
import type { LatencyInput, LatencyResult } from '../rows/latency.js';
import { sampleForms } from '../sample-forms.js';
import { watchCases } from '../watch-cases.js';
import { workerMain } from '../worker-process.js';

const reasons = reportReasons.filter(({ needsDescription }) => !needsDescription).map(({ reason }) => reason);

/** More than services need that keep up; where they do not, what is due waits for one, and counts as late. */
const connectionsMax = 512;

/** What a service answers that has too much to do. */
const overloaded = new Set([429, 503]);

await workerMain(async (input: LatencyInput): Promise<LatencyResult> => {
  const url = new URL(input.url);
  const warmUp = input.perSecond * input.warmUpSeconds;
  const total = warmUp + input.perSecond * input.seconds;
  const forms = sampleForms(total, reasons);
  const requests = forms.map((form) => postRequest(url, '/v1/reports', JSON.stringify(form)));
  const watch = await watchCases(
    input.viewStoreUrl === undefined
      ? { open: (name) => openEmbeddedViewStore({ directory: join(input.data, 'views', name) }), services: input.teams }
      : { open: (name) => openCqlViewStore(input.viewStoreUrl!, { name }), services: input.teams, lookMs: 5 },
  );
  const connections = connectionPool(() => openConnection(url), connectionsMax);
  const [accepted, visible, late]: [number[], number[], number[]] = [[], [], []];
  let [refused, unseen] = [0, 0];

  async function send(index: number, plannedAt: number): Promise<void> {
    let connection = await connections.take();
    const sentAt = performance.now();
    const { status, body } = await connection.send(requests[index]!).catch(async () => {
      // The server closed it in this moment, as one that was not used for some seconds.
      connection = await openConnection(url);
      return connection.send(requests[index]!);
    });
    const answeredAt = performance.now();
    connections.giveBack(connection);
    if (status !== 202 && !overloaded.has(status)) throw new Error(`A report was answered ${status}: ${body}`);
    if (index < warmUp) return;
    if (status !== 202) return void (refused += 1);
    accepted.push(answeredAt - sentAt);
    late.push(sentAt - plannedAt);
    if (index % input.sampleEvery !== 0) return;
    const { reportId } = JSON.parse(body) as { reportId: string };
    const seenAt = await watch.seen({ ...forms[index]!, reportId });
    if (seenAt === 'never') unseen += 1;
    else if (seenAt !== undefined) visible.push(seenAt - answeredAt);
  }

  const sending: Promise<void>[] = [];
  const startedAt = performance.now();
  for (let index = 0; index < total;) {
    const due = Math.min(total, Math.floor(((performance.now() - startedAt) * input.perSecond) / 1_000) + 1);
    while (index < due) sending.push(send(index, startedAt + (index++ * 1_000) / input.perSecond));
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await Promise.all(sending);
  connections.close();
  await watch.close();
  return { sent: total, refused, unseen, accepted, visible, looks: watch.looks().slice(-20_000), late };
});
