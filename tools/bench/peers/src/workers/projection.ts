import { measuringWith } from '../../../dist/peers/measured-with.js';
import type { PeerProjectionInput } from '../../../dist/peers/contestants.js';
import { summaryOf } from '../../../dist/peers/subject-figures.js';
import { workerMain } from '../../../dist/worker-process.js';
import { openStore } from '../open-store.js';

await workerMain(async ({ store: name, url, servers, events, warmUp, rebuilds }: PeerProjectionInput) => {
  const store = await openStore(name, { url });
  const { projecting } = store;
  if (projecting === undefined) throw new Error(`${name} makes no view.`);
  let ended = measuringWith(servers);
  const isWarm = (): void => void (ended = measuringWith(servers));
  await projecting.project({ reports: warmUp + events, warmUp, isWarm });
  if (rebuilds) {
    ended = measuringWith(servers);
    await projecting.rebuild!();
  }
  const measurement = ended(rebuilds ? warmUp + events : events);
  const shown = summaryOf(await projecting.view());
  await store.close();
  return { ...measurement, shown };
});
