import { openEmbeddedEventLog } from '@ringside/event-log-embedded';
import { reportsTopic } from '@ringside/events';

import { logDirectory } from '../project-log.js';
import { workerMain } from '../worker-process.js';

/** How many events are on the topic; negative, by how many, where some are there twice. */
await workerMain(async ({ data }: { readonly data: string }): Promise<number> => {
  const log = await openEmbeddedEventLog({ directory: logDirectory(data) });
  const ids = new Set<string>();
  let records = 0;
  for (const { partition } of await log.heads(reportsTopic.topic)) {
    for await (const { id } of log.read({ topic: reportsTopic.topic, partition })) {
      ids.add(id);
      records += 1;
    }
  }
  await log.close();
  return records === ids.size ? records : ids.size - records;
});
