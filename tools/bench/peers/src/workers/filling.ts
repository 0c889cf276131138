import type { PeerFillingInput } from '../../../dist/peers/contestants.js';
import { projectedReports } from '../../../dist/peers/projected-reports.js';
import { workerMain } from '../../../dist/worker-process.js';
import { openStore } from '../open-store.js';

/** Fills a peer with what it is to project; answers with how many it has. */
await workerMain(async ({ store: name, url, events }: PeerFillingInput): Promise<number> => {
  const store = await openStore(name, { url });
  await store.fill(projectedReports(events));
  const stored = await store.count();
  await store.close();
  return stored;
});
