import { setTimeout as pause } from 'node:timers/promises';

import type { Attack } from '../attack.js';
import { formText } from '../forms.js';
import { judge } from '../judge.js';
import { report, talk } from '../wire.js';

/** The last of all: the service is gone afterwards. */
export const shutdownAttack: Attack = {
  group: 'shutdown',
  name: 'a client that keeps the connection',
  sent: 'SIGTERM in the middle of a request on a kept connection, then the rest of it',
  run: async ({ intake, canary }) => {
    const bytes = report(formText(canary));
    const middle = bytes.length - 20;
    const [exchange] = await Promise.all([
      talk(intake.port, { send: [bytes.subarray(0, middle), 500, bytes.subarray(middle)], msMax: 10_000 }),
      pause(200).then(() => intake.signal('SIGTERM')),
    ]);
    const judged = judge(exchange, { statuses: [202], closes: true });
    const kept = exchange.answers[0]?.headers.get('connection') !== 'close';
    for (const until = performance.now() + 15_000; intake.ended() === undefined && performance.now() < until;) await pause(50);
    const ended = intake.ended();
    return {
      came: `${judged.came}; ended with ${ended ?? 'nothing'}`,
      faults: [
        ...judged.faults,
        ...(kept ? ['the last answer does not say that the connection closes'] : []),
        ...(ended === 'exit code 0' ? [] : [`the service ended with ${ended ?? 'nothing'}`]),
      ],
    };
  },
};
