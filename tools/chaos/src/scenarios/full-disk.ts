import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, open, rm, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { until } from '@ringside/service-processes';

import { complaintOf } from '../metrics.js';
import type { Scenario } from '../scenario.js';
import { underLoad } from '../under-load.js';

const diskMegabytes = 96;
/** What is left free once the disk is filled, in bytes: some more reports fit in. */
const leftBytes = 1_500_000;
/** How long it stays full, in ms. */
const fullMs = 12_000;
const refusedSecondsMax = 120;
const recoveredSecondsMax = 60;

export const fullDisk: Scenario = {
  name: 'full-disk',
  promise: 'On a full disk nothing is accepted that cannot be kept, and work goes on by itself once there is space.',
  how: `The data directory is a memory disk of ${diskMegabytes} MB, which is filled under load, and emptied again; one service is started anew meanwhile.`,
  inShort: false,
  async missing() {
    if (process.platform !== 'linux') return 'a small disk is mounted on Linux only';
    const directory = await mkdtemp(join(tmpdir(), 'ringside-chaos-disk-'));
    try {
      mount(directory, 1);
      unmount(directory);
      return undefined;
    } catch {
      return 'no small disk can be mounted here: only root may, and not in every container';
    } finally {
      await rmdir(directory);
    }
  },
  async run(surroundings) {
    const { directory, onEnd, say, random } = surroundings;
    const data = join(directory, 'data');
    await mkdir(data);
    mount(data, diskMegabytes);
    // What broke is looked at afterwards: so it is copied from the disk before that goes.
    onEnd(() => {
      try {
        execFileSync('cp', ['-r', data, join(directory, 'data-of-the-disk')]);
      } finally {
        unmount(data);
      }
    });
    return underLoad(surroundings, { perSecond: 60, casework: false }, async ({ services, accepted }) => {
      const ballast = join(data, 'lost+found');
      await pause(3_000);
      await fill(ballast);
      say('the disk is being filled by reports');
      const complaint = await until('somebody says that the disk is full', refusedSecondsMax, async () => {
        for (const victim of services.victims) {
          const said = await complaintOf(victim);
          if (said?.includes('full')) return `${victim.name}: ${said}`;
        }
        return undefined;
      });
      say(complaint.slice(0, 300));
      const again = random.pick(services.victims);
      again.signal('SIGKILL');
      await pause(fullMs);
      const before = accepted();
      await rm(ballast);
      say(`${again.name} was killed; there is space again`);
      const from = performance.now();
      await until('reports are accepted again', recoveredSecondsMax, () => (accepted() > before + 50 ? true : undefined));
      await Promise.all(services.victims.map((victim) => victim.untilReady()));
      return { figures: { 'ready again after, s': ((performance.now() - from) / 1_000).toFixed(1) } };
    });
  },
};

function mount(directory: string, megabytes: number): void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'none', directory], { stdio: 'ignore' });
}

/** Takes it from its place at once, even where somebody still has a file open. */
function unmount(directory: string): void {
  execFileSync('umount', ['--lazy', directory], { stdio: 'ignore' });
}

/** Takes all space but a little. */
async function fill(file: string): Promise<void> {
  const handle = await open(file, 'w');
  const piece = Buffer.alloc(256 * 1024);
  try {
    for (;;) await handle.write(piece);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    await handle.truncate((await handle.stat()).size - leftBytes);
  } finally {
    await handle.close();
  }
}
