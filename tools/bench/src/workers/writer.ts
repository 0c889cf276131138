import { openEmbeddedEventLog } from '@ringside/event-log-embedded';
import { toRecord } from '@ringside/events';

import { byCallers } from '../callers.js';
import { logDirectory } from '../project-log.js';
import { machineMs } from '../measurement.js';
import type { WriterInput, WriterResult } from '../rows/writers.js';
import { sampleReports } from '../sample-reports.js';
import { workerMain } from '../worker-process.js';

await workerMain(async ({ data, writer, callers, events }: WriterInput, readyToGo): Promise<WriterResult> => {
  const log = await openEmbeddedEventLog({ directory: logDirectory(data) });
  const records = sampleReports({ seed: 100 + writer, reports: events, reasons: ['spam'] }).map(toRecord);
  await readyToGo();
  const startedAt = machineMs();
  await byCallers(callers, events, (index) => log.append([records[index]!]));
  const endedAt = machineMs();
  await log.close();
  return { startedAt, endedAt };
});
