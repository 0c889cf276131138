import { cpSync, rmSync } from 'node:fs';
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
import { comparedCopyOf } from '../rows/kept-sites.js';
import { growingTeam, viewsDirectory, type SiteFilled, type SiteInput } from '../rows/sites.js';
import { workerMain } from '../worker-process.js';

/** Of more it would take the bench too long. */
const comparedMax = 100_000;

await workerMain(async ({ data, reports, reasons }: SiteInput): Promise<SiteFilled> => {
  const place = await open(data);
  const filled = await measured(reports, () => fillLog(place.log, { seed: 11, reports, reasons }));
  const { rebuild } = await viewsToRebuild(place);
  let views!: Views;
  const rebuilt = await measured(reports, async () => void (views = await rebuild()));
  const { anonymous } = ownMemory();
  await passOver(growingTeam, place.log);
  const captured = await capturedIn(views, caseTables.figures);
  const bytesOfViews = bytesOnDisk(viewsDirectory(data));
  await close(place);
  const compared = reports > comparedMax ? null : await comparedInCopy(data);
  return { filled, rebuilt, captured, anonymous, bytesOfViews, compared };
});

async function open(data: string): Promise<RebuildPlace> {
  const log = await openEmbeddedEventLog({ directory: join(data, 'event-log') });
  const store = await openEmbeddedViewStore({ directory: viewsDirectory(data) });
  return { team: growingTeam, data, log, store };
}

async function close({ log, store }: RebuildPlace): Promise<void> {
  await store.close();
  await log.close();
}

/**
 * In a copy, as it leaves as many free pages behind as the views have, which a site that has only grown does not have: at the first write
 * of each process LMDB reads the list of them, for some 2 s a million.
 */
async function comparedInCopy(data: string): Promise<number> {
  const copy = comparedCopyOf(data);
  cpSync(data, copy, { recursive: true });
  const place = await open(copy);
  const before = performance.now();
  const differences = await rebuildAndCompare(place);
  const seconds = (performance.now() - before) / 1_000;
  if (differences > 0) throw new Error(`Views that were rebuilt twice differ in ${differences} rows.`);
  await close(place);
  rmSync(copy, { recursive: true });
  return seconds;
}
