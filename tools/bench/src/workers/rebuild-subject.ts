import { rmSync } from 'node:fs';
import { caseTables } from '@ringside/casework';
import { openEmbeddedEventLog } from '@ringside/event-log-embedded';
import type { Views } from '@ringside/team-kit';
import { openEmbeddedViewStore } from '@ringside/view-store-embedded';

import { measured } from '../measurement.js';
import { logDirectory } from '../project-log.js';
import { viewsOf, viewsToRebuild } from '../rebuild-views.js';
import { projectingTeam, type ProjectionInput, type ProjectionResult } from '../rows/projection.js';
import { workerMain } from '../worker-process.js';

await workerMain(async ({ filled, events }: ProjectionInput): Promise<ProjectionResult> => {
  const log = await openEmbeddedEventLog({ directory: logDirectory(filled) });
  // The threads of the rebuild look for the views where the service has them.
  const directory = await viewsOf(projectingTeam, filled);
  const store = await openEmbeddedViewStore({ directory });
  const { rebuild } = await viewsToRebuild({ team: projectingTeam, data: filled, log, store });
  let views!: Views;
  const measurement = await measured(events, async () => void (views = await rebuild()));
  let timelineRows = 0;
  for await (const _ of views.scan(caseTables.timeline)) timelineRows += 1;
  await store.close();
  await log.close();
  rmSync(directory, { recursive: true });
  return { ...measurement, timelineRows };
});
