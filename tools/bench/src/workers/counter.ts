import { caseRow, caseTables, type CaseRules } from '@ringside/casework';
import { openEmbeddedEventLog } from '@ringside/event-log-embedded';
import { subscriberOf, type Views } from '@ringside/team-kit';
import { openEmbeddedViewStore } from '@ringside/view-store-embedded';

import { machineMs } from '../measurement.js';
import { logDirectory, openProjecting } from '../project-log.js';
import type { CounterInput, CounterResult } from '../rows/writers.js';
import { workerMain } from '../worker-process.js';

/** A team that captures everything. */
const rulesOf = (team: string): CaseRules => ({
  team,
  captures: () => true,
  weigh: () => ({ severity: 5, decideWithinHours: 24 }),
});

await workerMain(async ({ data, views: directory, subscription, events }: CounterInput, readyToGo): Promise<CounterResult> => {
  const log = await openEmbeddedEventLog({ directory: logDirectory(data) });
  const store = await openEmbeddedViewStore({ directory });
  const subscriber = subscriberOf({ service: subscription, rules: rulesOf(subscription), projections: [], reactions: [] });
  const projecting = await openProjecting(subscriber, log, store);
  await readyToGo();
  const projected = await projecting.run(events);
  const endedAt = machineMs();
  const more = await projecting.drain(500);
  const { views } = projecting.runtime;
  const counted = { figures: await figuresIn(views), timelineRows: await rowsIn(views), inCases: await reportsIn(views) };
  await projecting.close();
  await store.close();
  await log.close();
  return { endedAt, projected: projected + more, ...counted };
});

async function figuresIn(views: Views): Promise<number> {
  let captured = 0;
  for await (const { partition, value } of views.scan(caseTables.figures)) {
    if (partition !== 'open') captured += Number(value['captured']);
  }
  return captured;
}

async function rowsIn(views: Views): Promise<number> {
  let rows = 0;
  for await (const _ of views.scan(caseTables.timeline)) rows += 1;
  return rows;
}

async function reportsIn(views: Views): Promise<number> {
  let reports = 0;
  for await (const { key, value } of views.scan(caseTables.cases)) {
    if (key === caseRow('any').key) reports += Number(value['reportCount']);
  }
  return reports;
}
