import { caseTables } from '@ringside/casework';
import { openCqlViewStore } from '@ringside/view-store-cql';

import { measured } from '../measurement.js';
import { callsFor, keptCalls, tablesOf } from '../recorded-calls.js';
import type { RingWriteInput, RingWriteResult } from '../rows/ring-write.js';
import { workerMain } from '../worker-process.js';

await workerMain(async ({ filled, viewStoreUrl, name, events, warmUp }: RingWriteInput): Promise<RingWriteResult> => {
  const calls = keptCalls(filled);
  const store = await openCqlViewStore(viewStoreUrl, { name });
  await store.createTables(tablesOf(calls));
  const places = new Map(
    calls.flatMap(({ options }) =>
      (options.checkpoints ?? []).map(({ subscription, partition }) => [partition, subscription] as const),
    ),
  );
  const epochs = new Map<number, number>();
  for (const [partition, subscription] of places) {
    epochs.set(partition, (await store.takeOver(subscription, partition)).epoch);
  }
  const mine = calls.map(({ rows, options: { checkpoints = [], ...options } }) => ({
    rows,
    options: { ...options, checkpoints: checkpoints.map((one) => ({ ...one, epoch: epochs.get(one.partition)! })) },
  }));
  const write = async (from: number, to: number): Promise<void> => {
    for (const { rows, options } of mine.slice(from, to)) {
      const { outcome } = await store.write(rows, options);
      if (outcome !== 'written') throw new Error(`A write was ${outcome}.`);
    }
  };
  const warm = callsFor(calls, warmUp);
  await write(0, warm.count);
  const measurement = await measured(events - warm.events, () => write(warm.count, mine.length));
  const timeline = tablesOf(calls).find((table) => table.startsWith(caseTables.timeline))!;
  let timelineRows = 0;
  for await (const _ of store.scan(timeline)) timelineRows += 1;
  await store.close();
  return { ...measurement, timelineRows };
});
