import { existsSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { discoverServices, until } from '@ringside/service-processes';

import { clockAheadMs } from '../metrics.js';
import type { Scenario } from '../scenario.js';
import { underLoad } from '../under-load.js';
import type { Victim } from '../victim.js';

/** Where Debian and its children have it. */
const libraries = ['x86_64-linux-gnu', 'aarch64-linux-gnu'].map((machine) => `/usr/lib/${machine}/faketime/libfaketime.so.1`);
const library = libraries.find((path) => existsSync(path));
const hour = 3_600;
/** How far a clock is ahead after each jump, in seconds. */
const steps = [5 * hour, -5 * hour, 0, -1.5 * hour, 45, 7 * hour, -20, 0] as const;
const betweenMs = 4_000;
/** Answers are dated to the second, and a service reads its clock anew once in a second; a jump is of 20 s at least. */
const toleranceMs = 6_000;
const jumpedSecondsMax = 30;

export const clock: Scenario = {
  name: 'clock',
  promise: 'A clock that is hours off, or jumps, changes neither what is kept nor its order.',
  how: 'The clocks of single services jump by hours, minutes and seconds, forward and back, while reports come in (libfaketime).',
  inShort: false,
  missing: () => (library === undefined ? "libfaketime (Debian's package faketime) is missing" : undefined),
  async run(surroundings) {
    const { root, directory, random, say, short } = surroundings;
    const fileOf = (service: string): string => join(directory, `${service}.clock`);
    const set = async (service: string, seconds: number): Promise<void> => {
      await writeFile(`${fileOf(service)}.new`, `${signed(seconds)}\n`);
      await rename(`${fileOf(service)}.new`, fileOf(service));
    };
    const ahead = new Map(discoverServices(root).map(({ name }) => [name, 0]));
    for (const name of ahead.keys()) await set(name, 0);
    const envOf = (service: string): NodeJS.ProcessEnv => ({
      LD_PRELOAD: library!,
      FAKETIME_TIMESTAMP_FILE: fileOf(service),
      FAKETIME_CACHE_DURATION: '1',
      // Time that is measured goes on as it does when somebody sets a clock.
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    });
    return underLoad(surroundings, { services: { envOf }, casework: false }, async ({ services: { victims } }) => {
      let jumps = 0;
      for (const seconds of short ? steps.slice(0, 3) : steps) {
        const chosen = random.chance(0.3) ? victims : [random.pick(victims)];
        for (const { name } of chosen) await set(name, seconds);
        say(`${chosen.map(({ name }) => name).join(', ')}: ${signed(seconds)} s`);
        await pause(betweenMs);
        await Promise.all(chosen.map((victim) => untilAhead(victim, seconds)));
        jumps += chosen.filter(({ name }) => ahead.get(name) !== seconds).length;
        for (const { name } of chosen) ahead.set(name, seconds);
        if (random.chance(0.4)) await random.pick(victims).killUntilBack();
      }
      return { figures: { jumps }, faults: jumps === 0 ? ['no clock jumped, so nothing was shown'] : [] };
    });
  },
};

const signed = (seconds: number): string => (seconds < 0 ? String(seconds) : `+${seconds}`);

/** What a service dates its answers with says whether its clock is where it was set. */
async function untilAhead(victim: Victim, seconds: number): Promise<void> {
  await until(`the clock of ${victim.name} is ${signed(seconds)} s ahead`, jumpedSecondsMax, async () => {
    const ms = await clockAheadMs(victim);
    return ms !== undefined && Math.abs(ms - seconds * 1_000) <= toleranceMs ? true : undefined;
  });
}
