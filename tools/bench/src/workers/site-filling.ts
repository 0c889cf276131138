import { join } from 'node:path';
import { caseTables } from '@ringside/casework';
import { openEmbeddedEventLog } from '@ringside/event-log-embedded';
import type { Views } from '@ringside/team-kit';
import { openEmbeddedViewStore } from '@ringside/view-store-embedded';

import { capturedIn } from '../captured.js';
import { fillLog } from '../fill-log.js';
import { measured } from '../measurement.js';
import { ownMemory } from '../process-memory.js';
import { passOver, viewsToRebuild } from '../rebuild-views.js';
import { growingTeam, viewsDirectory, type SiteFilled, type SiteInput } from '../rows/sites.js';
import { workerMain } from '../worker-process.js';

await workerMain(async ({ data, reports, reasons }: SiteInput): Promise<SiteFilled> => {
  const log = await openEmbeddedEventLog({ directory: join(data, 'event-log') });
  const store = await openEmbeddedViewStore({ directory: viewsDirectory(data) });
  const filled = await measured(reports, () => fillLog(log, { seed: 11, reports, reasons }));
  const { rebuild } = await viewsToRebuild(growingTeam, log, store);
  let views!: Views;
  const rebuilt = await measured(reports, async () => void (views = await rebuild()));
  const { anonymous } = ownMemory();
  await passOver(growingTeam, log);
  const captured = await capturedIn(views, caseTables.figures);
  await store.close();
  await log.close();
  return { filled, rebuilt, captured, anonymous };
});
