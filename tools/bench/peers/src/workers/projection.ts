import { measuredWith } from '../../../dist/peers/measured-with.js';
import type { PeerProjectionInput } from '../../../dist/peers/contestants.js';
import { summaryOf } from '../../../dist/peers/subject-figures.js';
import { workerMain } from '../../../dist/worker-process.js';
import { openStore } from '../open-store.js';

await workerMain(async ({ store: name, url, servers, events, rebuilds }: PeerProjectionInput) => {
  const store = await openStore(name, { url });
  const { projecting } = store;
  if (projecting === undefined) throw new Error(`${name} makes no view.`);
  if (rebuilds) await projecting.project(events);
  const measurement = await measuredWith(servers, events, () =>
    rebuilds ? projecting.rebuild!() : projecting.project(events),
  );
  const shown = summaryOf(await projecting.view());
  await store.close();
  return { ...measurement, shown };
});
