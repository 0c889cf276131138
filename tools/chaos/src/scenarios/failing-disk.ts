import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { complaintOf } from '../metrics.js';
import type { Scenario, Surroundings } from '../scenario.js';
import { failCalls, missingStrace, type Failure } from '../strace.js';
import { underLoad, type Stage } from '../under-load.js';
import type { Victim } from '../victim.js';

/** What a disk may answer, and to which calls: those by which the embedded drivers write and flush. */
const faults = [
  ['fsync,fdatasync', 'EIO'],
  ['fsync,fdatasync', 'ENOSPC'],
  ['write,writev,pwrite64,pwritev', 'EIO'],
  ['write,writev,pwrite64,pwritev', 'ENOSPC'],
  ['pwrite64', 'EIO'],
] as const;

const failingMs = 4_000;
/** How long a service may take to find its way back by itself before it is started anew, in ms. */
const patienceMs = 8_000;

export const failingDisk: Scenario = {
  name: 'failing-disk',
  promise: 'What a disk did not take is not acknowledged, and the service says so.',
  how: 'EIO and ENOSPC come of fsync, fdatasync, write and pwrite of a running service, always or now and then (strace).',
  inShort: false,
  missing: missingStrace,
  run: (surroundings) =>
    underLoad(surroundings, { perSecond: 30, casework: false, mayEndItself: true }, async (stage) => {
      const { services } = stage;
      const told = new Tally();
      for (const victim of [services.intake, ...services.teams]) {
        for (const [calls, error] of faults) {
          for (const every of victim === services.intake ? [1, 3] : [1])
            await fail(stage, { victim, calls, error, every, files: dataFilesOf(services.data) }, told, surroundings);
        }
      }
      if (told.failures === 0) told.faults.push('no call failed, so nothing was shown');
      return { figures: told.figures(), faults: told.faults };
    }),
};

class Tally {
  failures = 0;
  windows = 0;
  untouched = 0;
  restarts = 0;
  acceptedMeanwhile = 0;
  readonly faults: string[] = [];

  figures() {
    const { windows, untouched, failures, restarts, acceptedMeanwhile } = this;
    return {
      windows,
      'windows without a failing call': untouched,
      'calls failed': failures,
      'accepted while every flush fails': acceptedMeanwhile,
      'started anew': restarts,
    };
  }
}

interface Fault extends Failure {
  readonly victim: Victim;
}

/** Where the embedded drivers have what they were given. Sockets and pipes go on working: those are no disks. */
const dataFilesOf = (data: string): readonly string[] =>
  readdirSync(data, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('data.mdb'))
    .map((name) => join(data, name));

async function fail({ accepted, services }: Stage, fault: Fault, told: Tally, { say }: Surroundings): Promise<void> {
  const { victim, calls, error, every } = fault;
  const what = `${every === 1 ? 'every' : `one in ${every}`} ${calls} of ${victim.name} fails with ${error}`;
  const pid = victim.pid();
  if (pid === undefined) throw new Error(`${victim.name} is not there to be disturbed.`);
  const deaths = victim.deaths();
  const { complaint, meanwhile, failures } = await whileFailing(pid, fault, accepted);
  told.windows++;
  told.failures += failures;
  if (failures === 0) {
    told.untouched++;
    if (every === 1) told.faults.push(`no call came while ${what}, so nothing was shown`);
  }
  const ofFlush = every === 1 && victim === services.intake && failures > 0;
  if (ofFlush) {
    told.acceptedMeanwhile += meanwhile;
    if (meanwhile > 0) told.faults.push(`${meanwhile} reports were accepted while ${what}`);
  }
  if (every === 1 && failures > 0 && complaint === undefined) told.faults.push(`nobody said anything while ${what}`);
  const back = await backByItself(victim);
  if (!back) {
    told.restarts++;
    await victim.killUntilBack();
  }
  const ended = victim.deaths() - deaths - (back ? 0 : 1);
  say(
    `${what}: ${failures} calls; ${complaint?.slice(0, 160) ?? 'no word'}; ${ended > 0 ? 'ended' : back ? 'came back by itself' : 'had to be started anew'}`,
  );
}

/** What the service said meanwhile, how many reports were accepted, and how many calls failed. */
async function whileFailing(pid: number, fault: Fault, accepted: () => number) {
  const failing = await failCalls(pid, fault);
  let complaint: string | undefined;
  let meanwhile = 0;
  let failures = 0;
  try {
    await pause(500); // what was under way is answered
    const before = accepted();
    for (const until = performance.now() + failingMs; performance.now() < until; await pause(100)) {
      complaint ??= await complaintOf(fault.victim);
    }
    meanwhile = accepted() - before;
  } finally {
    failures = await failing.end();
  }
  return { complaint, meanwhile, failures };
}

async function backByItself(victim: Victim): Promise<boolean> {
  for (const until = performance.now() + patienceMs; performance.now() < until; await pause(200)) {
    if ((await complaintOf(victim)) === undefined) return true;
  }
  return false;
}
