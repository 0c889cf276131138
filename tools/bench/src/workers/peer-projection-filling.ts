import { openEmbeddedEventLog } from '@ringside/event-log-embedded';
import { reportsTopic, toRecord } from '@ringside/events';

import { projectedReports } from '../peers/projected-reports.js';
import { logDirectory } from '../project-log.js';
import { workerMain } from '../worker-process.js';

/** Fills a log with what is to be projected. */
await workerMain(async ({ filled, events }: { readonly filled: string; readonly events: number }) => {
  const log = await openEmbeddedEventLog({ directory: logDirectory(filled) });
  await log.createTopic(reportsTopic.topic, reportsTopic);
  const records = projectedReports(events).map(toRecord);
  while (records.length > 0) await log.append(records.splice(0, 500));
  await log.close();
});
