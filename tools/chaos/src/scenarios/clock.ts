import { existsSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import type { Scenario } from '../scenario.js';
import { underLoad } from '../under-load.js';

/** Where Debian and its children have it. */
const libraries = ['x86_64-linux-gnu', 'aarch64-linux-gnu'].map((machine) => `/usr/lib/${machine}/faketime/libfaketime.so.1`);
const library = libraries.find((path) => existsSync(path));
const steps = ['+5h', '-5h', '+0', '-90m', '+45s', '+7h', '-20s', '+0'] as const;
const betweenMs = 4_000;

export const clock: Scenario = {
  name: 'clock',
  promise: 'A clock that is hours off, or jumps, changes neither what is kept nor its order.',
  how: 'The clocks of single services jump by hours, minutes and seconds, forward and back, while reports come in (libfaketime).',
  inShort: false,
  missing: () => (library === undefined ? "libfaketime (Debian's package faketime) is missing" : undefined),
  async run(surroundings) {
    const { directory, random, say, short } = surroundings;
    const fileOf = (service: string): string => join(directory, `${service}.clock`);
    const set = async (service: string, offset: string): Promise<void> => {
      await writeFile(`${fileOf(service)}.new`, `${offset}\n`);
      await rename(`${fileOf(service)}.new`, fileOf(service));
    };
    const names = ['report-intake', 'cheating-team', 'abuse-team', 'others-triage', 'platform'];
    await Promise.all(names.map((name) => set(name, '+0')));
    const envOf = (service: string): NodeJS.ProcessEnv => ({
      LD_PRELOAD: library!,
      FAKETIME_TIMESTAMP_FILE: fileOf(service),
      FAKETIME_CACHE_DURATION: '1',
      // Time that is measured goes on as it does when somebody sets a clock.
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    });
    return underLoad(surroundings, { services: { envOf }, casework: false }, async ({ services: { victims } }) => {
      let jumps = 0;
      for (const offset of short ? steps.slice(0, 3) : steps) {
        const chosen = random.chance(0.3) ? victims : [random.pick(victims)];
        for (const { name } of chosen) await set(name, offset);
        jumps += chosen.length;
        say(`${chosen.map(({ name }) => name).join(', ')}: ${offset}`);
        await pause(betweenMs);
        if (random.chance(0.4)) await random.pick(victims).killUntilBack();
      }
      return { figures: { jumps } };
    });
  },
};
