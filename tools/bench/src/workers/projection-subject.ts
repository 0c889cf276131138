import { caseTables } from '@ringside/casework';
import { openEmbeddedEventLog } from '@ringside/event-log-embedded';
import { subscriberOf } from '@ringside/team-kit';
import { openEmbeddedViewStore } from '@ringside/view-store-embedded';

import { findTeam } from '../find-team.js';
import { measured } from '../measurement.js';
import { logDirectory, openProjecting } from '../project-log.js';
import { projectingTeam, type ProjectionInput, type ProjectionResult } from '../rows/projection.js';
import { workerMain } from '../worker-process.js';

await workerMain(async ({ filled, directory, events, warmUp }: ProjectionInput): Promise<ProjectionResult> => {
  const log = await openEmbeddedEventLog({ directory: logDirectory(filled) });
  const store = await openEmbeddedViewStore({ directory });
  const projecting = await openProjecting(subscriberOf((await findTeam(projectingTeam))!), log, store);
  const warm = await projecting.run(warmUp);
  const measurement = await measured(events - warm, async () => void (await projecting.run(events - warm)));
  let timelineRows = 0;
  for await (const _ of projecting.runtime.views.scan(caseTables.timeline)) timelineRows += 1;
  await projecting.close();
  await log.resetCursor('reports', projecting.runtime.subscriber.name, { at: 'earliest' });
  await store.close();
  await log.close();
  return { ...measurement, timelineRows };
});
