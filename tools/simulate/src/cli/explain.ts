import { shortened } from '../run/shrink.js';
import { shrinkInThread } from '../run/shrink-in-thread.js';
import type { Failure } from '../run/tally.js';
import { commandFor } from './options.js';

/** As many failures are shortened: the others mostly have the same cause. */
const shortenedMax = 2;

/** Prints failures: what is wrong, and of the first ones the shortest run found that shows it. */
export async function explain(failures: readonly Failure[], bug: string | undefined): Promise<void> {
  for (const [i, { options, faults, hasEnded }] of failures.entries()) {
    console.log(`\nSeed ${options.seed} failed:\n${faults.map((fault) => `  ${fault.slice(0, 1_500)}`).join('\n')}`);
    const shrunk = hasEnded && i < shortenedMax ? await shrinkInThread(options, bug) : undefined;
    if (shrunk !== undefined) {
      console.log(shortened(shrunk.trace).join('\n'));
      for (const fault of shrunk.faults.slice(0, 3)) console.log(`  ${fault.slice(0, 600)}`);
    }
    console.log(`Again: ${commandFor(shrunk?.options ?? options, bug)}`);
  }
}
