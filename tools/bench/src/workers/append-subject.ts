import { randomBytes } from 'node:crypto';
import { openEmbeddedEventLog } from '@ringside/event-log-embedded';

import { byCallers } from '../callers.js';
import { measured } from '../measurement.js';
import { appendTopic as topic, recordBytes, type AppendInput } from '../rows/append.js';
import { workerMain } from '../worker-process.js';

await workerMain(async ({ directory, callers, events, warmUp }: AppendInput) => {
  const log = await openEmbeddedEventLog({ directory });
  await log.createTopic(topic, { partitions: 8 });
  const bytes = randomBytes(recordBytes);
  let id = 0;
  const append = () => log.append([{ topic, key: `subject-${id % 1_000}`, id: `event-${id++}`, bytes }]);
  await byCallers(callers, warmUp, append);
  const measurement = await measured(events, () => byCallers(callers, events, append));
  await log.close();
  return measurement;
});
