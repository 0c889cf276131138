import { join } from 'node:path';
import { caseTables } from '@ringside/casework';
import { standalone } from '@ringside/data-ring';
import type { EventLog } from '@ringside/event-log';
import { openEmbeddedEventLog } from '@ringside/event-log-embedded';
import { reportsTopic } from '@ringside/events';
import { placed, Rebuild, subscriberOf, tablesOf, Views, type Watermark } from '@ringside/team-kit';
import { openEmbeddedViewStore } from '@ringside/view-store-embedded';

import { capturedIn } from '../captured.js';
import { fillLog } from '../fill-log.js';
import { findTeam } from '../find-team.js';
import { measured } from '../measurement.js';
import { ownMemory } from '../process-memory.js';
import { growingTeam, viewsDirectory, type SiteFilled, type SiteInput } from '../rows/sites.js';
import { workerMain } from '../worker-process.js';

const { topic } = reportsTopic;

await workerMain(async ({ data, reports, reasons }: SiteInput): Promise<SiteFilled> => {
  const subscriber = placed(subscriberOf((await findTeam(growingTeam))!), standalone('local'));
  const log = await openEmbeddedEventLog({ directory: join(data, 'event-log') });
  const store = await openEmbeddedViewStore({ directory: viewsDirectory(data) });
  const filled = await measured(reports, () => fillLog(log, { seed: 11, reports, reasons }));
  const live = await Views.current(store, subscriber.name);
  await live.createTables(tablesOf(subscriber)); // there is nothing in them: all comes from the log
  const target = live.ofGeneration(live.generation + 1);
  const rebuilt = await measured(reports, async () => {
    const rebuild = await Rebuild.fromStart({ subscriber, log, live, target });
    await rebuild.advance(await allOf(log, subscriber.name));
    await rebuild.makeCurrent();
  });
  const { anonymous } = ownMemory();
  // The service goes on behind what the views contain.
  await log.resetCursor(topic, subscriber.name, { at: 'latest' });
  const captured = await capturedIn(target, caseTables.figures);
  await store.close();
  await log.close();
  return { filled, rebuilt, captured, anonymous };
});

/** How far views contain the log that contain all of it. */
async function allOf(log: EventLog, subscription: string): Promise<Watermark> {
  await log.resetCursor(topic, subscription, { at: 'earliest' });
  const backlog = await log.backlog(topic, subscription);
  const heads = new Map((await log.heads(topic)).map(({ partition, head }) => [partition, head]));
  return backlog.map(({ partition, backlog: ordinal }) => ({
    topic,
    partition,
    position: heads.get(partition) ?? null,
    ordinal,
  }));
}
