import { standalone } from '@ringside/data-ring';
import { openEmbeddedEventLog } from '@ringside/event-log-embedded';
import { reportsTopic } from '@ringside/events';
import { placed, rebuildViews, Views } from '@ringside/team-kit';
import { openEmbeddedViewStore } from '@ringside/view-store-embedded';

import { measuredWith } from '../peers/measured-with.js';
import { figuresSubscriber, readFigures } from '../peers/subject-figures-view.js';
import { summaryOf } from '../peers/subject-figures.js';
import { logDirectory, openProjecting } from '../project-log.js';
import type { PeerProjectionResult, PeerProjectionSubjectInput } from '../rows/peer-projection.js';
import { workerMain } from '../worker-process.js';

await workerMain(async (input: PeerProjectionSubjectInput): Promise<PeerProjectionResult> => {
  const { filled, directory, events, warmUp, rebuilds } = input;
  const log = await openEmbeddedEventLog({ directory: logDirectory(filled) });
  const store = await openEmbeddedViewStore({ directory });
  const projecting = await openProjecting(figuresSubscriber, log, store);
  const warm = await projecting.run(warmUp);
  const rest = warmUp + events - warm;
  const projection = await measuredWith([], rest, () => projecting.run(rest));
  await projecting.close();
  const subscriber = placed(figuresSubscriber, standalone('local'));
  const rebuild = (): Promise<unknown> => rebuildViews({ subscriber, log, store });
  const measurement = rebuilds ? await measuredWith([], warmUp + events, rebuild) : projection;
  // After a rebuild this is the view that was made anew: it is the live one.
  const shown = summaryOf(await readFigures(await Views.current(store, figuresSubscriber.name)));
  await log.resetCursor(reportsTopic.topic, figuresSubscriber.name, { at: 'earliest' });
  await store.close();
  await log.close();
  return { ...measurement, shown };
});
