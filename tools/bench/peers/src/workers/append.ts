import { byCallers } from '../../../dist/callers.js';
import { measuredWith } from '../../../dist/peers/measured-with.js';
import type { PeerAppendInput } from '../../../dist/peers/contestants.js';
import { sampleReports } from '../../../dist/sample-reports.js';
import { workerMain } from '../../../dist/worker-process.js';
import { openStore } from '../open-store.js';

await workerMain(async ({ store: name, url, servers, callers, events, warmUp }: PeerAppendInput) => {
  const store = await openStore(name, { url });
  const reports = sampleReports({ seed: 5, reports: warmUp + events, reasons: ['spam', 'aimbot', 'harassment'] });
  await byCallers(callers, warmUp, (i) => store.append(reports[i]!));
  const measurement = await measuredWith(servers, events, () =>
    byCallers(callers, events, (i) => store.append(reports[warmUp + i]!)),
  );
  const stored = await store.count();
  await store.close();
  return { ...measurement, stored };
});
