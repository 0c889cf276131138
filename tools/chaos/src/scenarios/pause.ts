import { setTimeout as pause } from 'node:timers/promises';

import { sumOf } from '../metrics.js';
import type { Scenario } from '../scenario.js';
import { underLoad } from '../under-load.js';

/** Longer than the leases of partitions (3 s) and, at times, than a commit may take (10 s), in ms. */
const stoppedMsMin = 4_000;
const stoppedMsMax = 12_000;
const [stopsOfLongRun, stopsOfShortRun] = [16, 2];

export const pauses: Scenario = {
  name: 'pause',
  promise: 'A process that stood still for longer than its leases, and goes on as if nothing had been, overwrites nothing.',
  how: 'SIGSTOP for 4 to 12 s, then SIGCONT, of services that have a second process to take over.',
  inShort: false,
  run: (surroundings) =>
    underLoad(surroundings, { services: { doubles: true }, perSecond: 30 }, async ({ services: { victims } }) => {
      const { random, short, say } = surroundings;
      const stops = short ? stopsOfShortRun : stopsOfLongRun;
      for (let done = 0; done < stops; done++) {
        await pause(500 + random.below(1_500));
        const stopped = random.pick(victims);
        stopped.signal('SIGSTOP');
        await pause(stoppedMsMin + random.below(stoppedMsMax - stoppedMsMin));
        stopped.signal('SIGCONT');
        say(`${stopped.name} stood still (${done + 1} of ${stops})`);
      }
      // All of them are still the processes that they were, or it would be a fault: so they have counted since the start.
      return { figures: { stops, 'writes fenced': await sumOf(victims, 'ringside_partitions_lost_total') } };
    }),
};
