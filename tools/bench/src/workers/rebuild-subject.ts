import { caseTables } from '@ringside/casework';
import { openEmbeddedEventLog } from '@ringside/event-log-embedded';
import type { Views } from '@ringside/team-kit';
import { openEmbeddedViewStore } from '@ringside/view-store-embedded';

import { measured } from '../measurement.js';
import { logDirectory } from '../project-log.js';
import { viewsToRebuild } from '../rebuild-views.js';
import { projectingTeam, type ProjectionInput, type ProjectionResult } from '../rows/projection.js';
import { workerMain } from '../worker-process.js';

await workerMain(async ({ filled, directory, events }: ProjectionInput): Promise<ProjectionResult> => {
  const log = await openEmbeddedEventLog({ directory: logDirectory(filled) });
  const store = await openEmbeddedViewStore({ directory });
  const { rebuild } = await viewsToRebuild(projectingTeam, log, store);
  let views!: Views;
  const measurement = await measured(events, async () => void (views = await rebuild()));
  let timelineRows = 0;
  for await (const _ of views.scan(caseTables.timeline)) timelineRows += 1;
  await store.close();
  await log.close();
  return { ...measurement, timelineRows };
});
