import { randomBytes } from 'node:crypto';
import { openPulsarEventLog } from '@ringside/event-log-pulsar';

import { byCallers } from '../callers.js';
import { measured } from '../measurement.js';
import { recordBytes, type RingAppendInput } from '../rows/ring-append.js';
import { workerMain } from '../worker-process.js';

await workerMain(async ({ eventLogUrl, topic, callers, events, warmUp }: RingAppendInput) => {
  const log = await openPulsarEventLog({ url: eventLogUrl });
  const bytes = randomBytes(recordBytes);
  let id = 0;
  const append = () => log.append([{ topic, key: `subject-${id % 1_000}`, id: `event-${id++}`, bytes }]);
  await byCallers(callers, warmUp, append);
  const measurement = await measured(events, () => byCallers(callers, events, append));
  await log.close();
  return measurement;
});
