import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { caseTables } from '@ringside/casework';
import { openEmbeddedEventLog } from '@ringside/event-log-embedded';
import { toRecord } from '@ringside/events';
import { subscriberOf } from '@ringside/team-kit';
import { openEmbeddedViewStore } from '@ringside/view-store-embedded';

import { byCallers } from '../callers.js';
import { capturedIn } from '../captured.js';
import { reportsOf } from '../fill-log.js';
import { findTeam } from '../find-team.js';
import { measured } from '../measurement.js';
import { ownMemory } from '../process-memory.js';
import { openProjecting } from '../project-log.js';
import type { StepInput, StepResult } from '../rows/growth.js';
import { growingTeam, viewsDirectory } from '../rows/sites.js';
import { workerMain } from '../worker-process.js';

const callers = 64;

await workerMain(async ({ data, reports, reasons, before, step, warmUp }: StepInput): Promise<StepResult> => {
  const log = await openEmbeddedEventLog({ directory: join(data, 'event-log') });
  const store = await openEmbeddedViewStore({ directory: viewsDirectory(data) });
  const projecting = await openProjecting(subscriberOf((await findTeam(growingTeam))!), log, store);
  const options = { seed: 11, reports: warmUp + step, from: reports + before, subjectsOf: reports, reasons };
  const records = [...reportsOf(options)].map(toRecord);
  const append = (from: number) => (index: number) => log.append([records[from + index]!]);

  await byCallers(callers, warmUp, append(0));
  await projecting.run(warmUp);
  const appended = await measured(step, () => byCallers(callers, step, append(warmUp)));
  const projected = await measured(step, async () => void (await projecting.run(step)));
  collectGarbage();
  const memory = ownMemory();
  const captured = await capturedIn(projecting.runtime.views, caseTables.figures);
  await projecting.close();
  await store.close();
  await log.close();
  return { appended, projected, memory, captured };
});

/** So that the heap is what is held, not what was thrown away since the last collection. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}
