import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';

import type { Attack } from '../attack.js';
import { formText } from '../forms.js';
import { judge, type Outcome } from '../judge.js';
import { open, report, talk } from '../wire.js';

const wanted = 10_000;
/** Of this process and of the service each: files, pipes and what else is open. */
const kept = 500;

/** How many connections the limits on open files let this process have, and the service as well: it has inherited them. */
function connectionsAllowed(): number {
  const limits = readFileSync('/proc/self/limits', 'utf8');
  const files = Number(/Max open files\s+(\d+)/.exec(limits)?.[1] ?? 1_024);
  return Math.min(wanted, files - kept);
}

export const connectionAttacks: readonly Attack[] = [
  {
    group: 'connections',
    name: 'idle connections',
    sent: `${wanted.toLocaleString('en')} connections that say nothing, held for five seconds, with reports between them`,
    run: async ({ intake, canary }) => {
      const allowed = connectionsAllowed();
      const sockets: Socket[] = [];
      try {
        while (sockets.length < allowed) {
          const some = Math.min(100, allowed - sockets.length);
          sockets.push(...(await Promise.all(Array.from({ length: some }, () => open(intake.port)))));
        }
        return await reportsBetween(intake.port, canary, sockets.length, allowed);
      } finally {
        for (const socket of sockets) socket.destroy();
      }
    },
  },
];

async function reportsBetween(port: number, canary: string, held: number, allowed: number): Promise<Outcome> {
  const faults: string[] = [];
  const times: number[] = [];
  for (const until = performance.now() + 5_000; performance.now() < until;) {
    const exchange = await talk(port, { send: [report(formText(canary))], answers: 1, msMax: 2_000 });
    faults.push(...judge(exchange, { statuses: [202] }).faults);
    times.push(exchange.ms);
  }
  times.sort((a, b) => a - b);
  const slowest = times.at(-1) ?? 0;
  const short = allowed < wanted ? ' (as many as the limit on open files allows)' : '';
  const came = `${held.toLocaleString('en')} held${short}; ${times.length} reports taken, the slowest in ${Math.round(slowest)} ms`;
  return { came, faults: [...new Set(faults)] };
}
