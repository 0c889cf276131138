import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

import type { Attack } from '../attack.js';
import { formText } from '../forms.js';
import { judge, type Outcome } from '../judge.js';
import { open, report, talk } from '../wire.js';

const wanted = 10_000;
/** Of this process and of the service each: files, pipes and what else is open. */
const kept = 500;

/** With fewer it would be no attack. */
const fewest = 250;

/** How many connections the limits on open files let a process have: this one, and the service as well, which has inherited them. */
export function connectionsAllowed(limits: string): number {
  const [, files = '1024'] = /Max open files\s+(\d+|unlimited)/.exec(limits) ?? [];
  return files === 'unlimited' ? wanted : Math.min(wanted, Number(files) - kept);
}

const allowed = connectionsAllowed(readFileSync('/proc/self/limits', 'utf8'));
const inWords = (count: number): string => count.toLocaleString('en');

export const connectionAttacks: readonly Attack[] = [
  {
    group: 'connections',
    name: 'idle connections',
    sent: `${inWords(allowed)} connections that say nothing, held for five seconds, with reports between them${
      allowed < wanted ? `: not ${inWords(wanted)}, as the limit on open files is low` : ''
    }`,
    run: async ({ intake, canary }) => {
      if (allowed < fewest) {
        const fault = `the limit on open files allows ${Math.max(0, allowed)} of at least ${fewest} connections: raise it (ulimit -n)`;
        return { came: 'nothing', faults: [fault] };
      }
      const sockets: Socket[] = [];
      try {
        while (sockets.length < allowed) {
          const some = Math.min(100, allowed - sockets.length);
          sockets.push(...(await Promise.all(Array.from({ length: some }, () => open(intake.port)))));
        }
        return await reportsBetween(intake.port, canary, sockets);
      } finally {
        for (const socket of sockets) socket.destroy();
      }
    },
  },
];

async function reportsBetween(port: number, canary: string, sockets: readonly Socket[]): Promise<Outcome> {
  for (const socket of sockets) socket.resume(); // so that an end is noticed
  const faults: string[] = [];
  const times: number[] = [];
  for (const until = performance.now() + 5_000; performance.now() < until;) {
    const exchange = await talk(port, { send: [report(formText(canary))], answers: 1, msMax: 2_000 });
    faults.push(...judge(exchange, { statuses: [202] }).faults);
    times.push(exchange.ms);
  }
  times.sort((a, b) => a - b);
  const slowest = times.at(-1) ?? 0;
  await pause(100);
  const held = sockets.filter(({ readyState }) => readyState === 'open').length;
  if (held < sockets.length) faults.push(`${inWords(sockets.length - held)} were ended within the time that a service waits`);
  const came = `${inWords(held)} still held; ${times.length} reports taken, the slowest in ${Math.round(slowest)} ms`;
  return { came, faults: [...new Set(faults)] };
}
