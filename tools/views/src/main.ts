import { showProgress } from '@ringside/loadgen';
import { dropOldViews, placed, rebuildViews, rollBackViews, type RebuildProgress, type Subscriber } from '@ringside/team-kit';
import { fillingThreads } from './filling-threads.js';
import { findSubscriber, namesOf, viewKeepers } from './find-subscriber.js';
import { openDrivers, type OpenDrivers } from './open-drivers.js';
import { readOptions, type Options } from './options.js';
import { reportText } from './print-report.js';

const exitInterrupted = 130;
const interrupted = new AbortController();
process.once('SIGINT', () => interrupted.abort(new Error('interrupted; the live views are as they were')));

async function main(options: Options): Promise<number> {
  const subscriber = await findSubscriber(options.team);
  const drivers = await openDrivers(subscriber.name, options.data);
  try {
    return await run(options, subscriber, drivers);
  } finally {
    await drivers.close();
  }
}

async function run(options: Options, unplaced: Subscriber, { log, store, placement }: OpenDrivers): Promise<number> {
  const subscriber = placed(unplaced, placement);
  if (options.action === 'drop-old') {
    const dropped = await dropOldViews({ subscriber, store });
    console.log(dropped.length === 0 ? 'There was no other generation.' : `Dropped: generation ${dropped.join(', ')}.`);
    return 0;
  }
  const progress = showProgress('Reading', 1);
  const onProgress = (now: RebuildProgress): void => {
    if (now.phase === 'reading') progress.update(now.events, now.eventsTotal, 'events');
    else progress.update(now.rows, now.rows, 'rows compared');
  };
  const common = { subscriber, log, store, onProgress, signal: interrupted.signal };
  try {
    if (options.action === 'rollback') {
      const generation = await rollBackViews(common);
      progress.stop();
      console.log(`Generation ${generation} is live again: running services follow within seconds.`);
      return 0;
    }
    const check = options.action === 'check';
    const helpers = fillingThreads(options, interrupted.signal);
    const report = await rebuildViews({ ...common, check, acceptDifferences: options.acceptDifferences, helpers });
    progress.stop();
    console.log(reportText(report, check));
    return report.parity.differences.length === 0 || report.live ? 0 : 1;
  } finally {
    progress.stop();
  }
}

try {
  process.exitCode = await main(readOptions(process.argv, namesOf(viewKeepers())));
} catch (error) {
  console.error(`views:rebuild: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = interrupted.signal.aborted ? exitInterrupted : 1;
}
