import { join } from 'node:path';
import { caseTables } from '@ringside/casework';
import { openEmbeddedEventLog } from '@ringside/event-log-embedded';
import type { Views } from '@ringside/team-kit';
import { openEmbeddedViewStore } from '@ringside/view-store-embedded';

import { bytesOnDisk } from '../bytes-on-disk.js';
import { capturedIn } from '../captured.js';
import { fillLog } from '../fill-log.js';
import { measured } from '../measurement.js';
import { ownMemory } from '../process-memory.js';
import { passOver, rebuildAndCompare, viewsToRebuild, type RebuildPlace } from '../rebuild-views.js';
import { growingTeam, viewsDirectory, type SiteFilled, type SiteInput } from '../rows/sites.js';
import { workerMain } from '../worker-process.js';

/** Of more it would take the bench too long. */
const comparedMax = 1_000_000;

await workerMain(async ({ data, reports, reasons }: SiteInput): Promise<SiteFilled> => {
  const log = await openEmbeddedEventLog({ directory: join(data, 'event-log') });
  const store = await openEmbeddedViewStore({ directory: viewsDirectory(data) });
  const filled = await measured(reports, () => fillLog(log, { seed: 11, reports, reasons }));
  const place = { team: growingTeam, data, log, store };
  const { rebuild } = await viewsToRebuild(place);
  let views!: Views;
  const rebuilt = await measured(reports, async () => void (views = await rebuild()));
  const { anonymous } = ownMemory();
  await passOver(growingTeam, log);
  const captured = await capturedIn(views, caseTables.figures);
  const bytesOfViews = bytesOnDisk(viewsDirectory(data)); // the comparison leaves room behind that is free again
  const compared = reports > comparedMax ? null : await comparedIn(place);
  await store.close();
  await log.close();
  return { filled, rebuilt, captured, anonymous, bytesOfViews, compared };
});

async function comparedIn(place: RebuildPlace): Promise<number> {
  const before = performance.now();
  const differences = await rebuildAndCompare(place);
  if (differences > 0) throw new Error(`Views that were rebuilt twice differ in ${differences} rows.`);
  return (performance.now() - before) / 1_000;
}
