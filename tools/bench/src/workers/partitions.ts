import { caseTables } from '@ringside/casework';
import type { EventLog } from '@ringside/event-log';
import { openEmbeddedEventLog } from '@ringside/event-log-embedded';
import { reportsTopic, toRecord } from '@ringside/events';
import { subscriberOf } from '@ringside/team-kit';
import { openEmbeddedViewStore } from '@ringside/view-store-embedded';
import { join } from 'node:path';

import { byCallers } from '../callers.js';
import { capturedIn } from '../captured.js';
import { reportsOf } from '../fill-log.js';
import { findTeam } from '../find-team.js';
import { measured } from '../measurement.js';
import { openProjecting } from '../project-log.js';
import type { PartitionsInput, PartitionsResult } from '../rows/partitions.js';
import { growingTeam } from '../rows/sites.js';
import { workerMain } from '../worker-process.js';

const callers = 64;

await workerMain(async ({ directory, partitions, reasons, events, warmUp }: PartitionsInput): Promise<PartitionsResult> => {
  const log = await openEmbeddedEventLog({ directory: join(directory, 'event-log') });
  await log.createTopic(reportsTopic.topic, { partitions });
  const store = await openEmbeddedViewStore({ directory: join(directory, 'views') });
  const records = [...reportsOf({ seed: 17, reports: warmUp + events, reasons })].map(toRecord);
  await byCallers(callers, warmUp, (index) => log.append([records[index]!]));
  const appended = await measured(events, () => byCallers(callers, events, (index) => log.append([records[warmUp + index]!])));
  const subscriber = subscriberOf((await findTeam(growingTeam))!);
  const projecting = await openProjecting(subscriber, withTopicAsItIs(log), store);
  const warm = await projecting.run(warmUp);
  const projected = await measured(events + warmUp - warm, async () => void (await projecting.run(events + warmUp - warm)));
  const captured = await capturedIn(projecting.runtime.views, caseTables.figures);
  await projecting.close();
  await store.close();
  await log.close();
  return { appended, projected, captured };
});

/** The contract has eight partitions for this topic, and whoever begins to hear it would insist on them. */
function withTopicAsItIs(log: EventLog): EventLog {
  const createTopic: EventLog['createTopic'] = (topic, options) =>
    topic === reportsTopic.topic ? Promise.resolve() : log.createTopic(topic, options);
  return Object.create(log, { createTopic: { value: createTopic } }) as EventLog;
}
