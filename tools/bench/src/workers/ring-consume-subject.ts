import { openPulsarEventLog } from '@ringside/event-log-pulsar';

import { measured } from '../measurement.js';
import type { RingConsumeInput, RingConsumeResult } from '../rows/ring-consume.js';
import { workerMain } from '../worker-process.js';

await workerMain(async (input: RingConsumeInput): Promise<RingConsumeResult> => {
  const { eventLogUrl, topic, subscription: name, events, warmUp } = input;
  const log = await openPulsarEventLog({ url: eventLogUrl });
  const subscription = await log.subscribe({ topic, subscription: name, start: { at: 'earliest' }, consumer: 'bench' });
  const ids = new Set<string>();
  const until = async (received: number): Promise<void> => {
    while (ids.size < received) {
      const deliveries = await subscription.receive({ recordsMax: 500, waitMsMax: 1_000 });
      for (const { id } of deliveries) ids.add(id);
      await subscription.acknowledge(deliveries);
    }
  };
  await until(warmUp);
  const warm = ids.size;
  const measurement = await measured(events - warm, () => until(events));
  await subscription.close();
  await log.close();
  return { ...measurement, received: ids.size };
});
