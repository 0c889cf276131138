import { openEmbeddedEventLog } from '@ringside/event-log-embedded';
import { keyOf, reportsTopic, topicOf } from '@ringside/events';

import { byCallers } from '../callers.js';
import { measuredWith } from '../peers/measured-with.js';
import { logDirectory } from '../project-log.js';
import type { PeerAppendSubjectInput } from '../rows/peer-append.js';
import { sampleReports } from '../sample-reports.js';
import { workerMain } from '../worker-process.js';

await workerMain(async ({ data, callers, events, warmUp }: PeerAppendSubjectInput) => {
  const log = await openEmbeddedEventLog({ directory: logDirectory(data) });
  await log.createTopic(reportsTopic.topic, reportsTopic);
  const reports = sampleReports({ seed: 5, reports: warmUp + events, reasons: ['spam', 'aimbot', 'harassment'] });
  const append = (index: number) => {
    const report = reports[index]!;
    const bytes = Buffer.from(JSON.stringify(report));
    return log.append([{ topic: topicOf(report), key: keyOf(report), id: report.id, bytes }]);
  };
  await byCallers(callers, warmUp, append);
  const measurement = await measuredWith([], events, () => byCallers(callers, events, (i) => append(warmUp + i)));
  await log.close();
  return measurement;
});
