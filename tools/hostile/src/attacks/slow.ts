import { setTimeout as pause } from 'node:timers/promises';

import type { Attack } from '../attack.js';
import { formText } from '../forms.js';
import { judge, together } from '../judge.js';
import { request, talk, type Exchange } from '../wire.js';

const patience = 45_000;
const connections = 200;

const inParallel = async <T>(count: number, one: (index: number) => Promise<T>): Promise<readonly T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => one(index)));

/** A piece of it each second, for longer than the service waits. */
const trickle = (first: string | Buffer, piece: string, seconds: number): (string | Buffer | number)[] => [
  first,
  ...Array.from({ length: seconds }, () => [1_000, piece]).flat(),
];

export const slowAttacks: readonly Attack[] = [
  {
    group: 'slow',
    name: 'slow headers',
    sent: `${connections} connections, a header a second and never the last one`,
    run: async ({ intake }) => {
      const exchanges = await inParallel(connections, (index) =>
        talk(intake.port, {
          send: trickle('POST /v1/reports HTTP/1.1\r\nHost: intake.example\r\n', `X-Slow-${index}: 1\r\n`, 40),
          msMax: patience,
        }),
      );
      return together(exchanges.map((one) => judge(one, { statuses: [408], closes: true })));
    },
  },
  {
    group: 'slow',
    name: 'slow bodies',
    sent: `${connections} connections, a byte of the body a second`,
    run: async ({ intake }) => {
      const head = request('POST /v1/reports', { headers: ['Content-Type: application/json', 'Content-Length: 60000'] });
      const exchanges = await inParallel(connections, () =>
        talk(intake.port, { send: trickle(head, ' ', 40), msMax: patience }),
      );
      return together(exchanges.map((one) => judge(one, { statuses: [408], closes: true, orClosed: true })));
    },
  },
  {
    group: 'slow',
    name: 'slow chunks',
    sent: `${connections} connections, a chunk of one byte a second`,
    run: async ({ intake }) => {
      const head = request('POST /v1/reports', { headers: ['Content-Type: application/json', 'Transfer-Encoding: chunked'] });
      const exchanges = await inParallel(connections, () =>
        talk(intake.port, { send: trickle(head, '1\r\n \r\n', 40), msMax: patience }),
      );
      return together(exchanges.map((one) => judge(one, { statuses: [408], closes: true, orClosed: true })));
    },
  },
  {
    group: 'slow',
    name: 'a body that never comes',
    sent: `${connections} connections, headers with Expect: 100-continue, then silence`,
    run: async ({ intake }) => {
      const head = request('POST /v1/reports', {
        headers: ['Content-Type: application/json', 'Content-Length: 60000', 'Expect: 100-continue'],
      });
      const exchanges = await inParallel(connections, () => talk(intake.port, { send: [head], msMax: patience }));
      return together(exchanges.map((one) => judge(one, { statuses: [408], closes: true, orClosed: true })));
    },
  },
  {
    group: 'slow',
    name: 'half-open connections',
    sent: `${connections} requests, each half-closed in the middle of its body`,
    run: async ({ intake, canary }) => {
      const body = formText(canary);
      const head = request('POST /v1/reports', {
        headers: ['Content-Type: application/json', `Content-Length: ${body.length + 100}`],
      });
      const exchanges = await inParallel(connections, () =>
        talk(intake.port, { send: [head, body], end: true, msMax: patience }),
      );
      return together(exchanges.map((one) => judge(one, { statuses: [400, 408], closes: true, orClosed: true })));
    },
  },
];

/** In turn: it asks for more at once than a service works on, so that others are put off (503) for a moment. */
export const deafReader: Attack = {
  group: 'slow',
  name: 'a reader that does not read',
  sent: '20 connections that ask for 200 pages of the documentation each and read none of it',
  run: async ({ intake }) => {
    const asked = request('GET /docs/swagger-ui-bundle.js');
    const reader = async (): Promise<Exchange> => {
      await pause(2_000, undefined, { ref: false }); // the others are waited for all the while
      return talk(intake.port, { send: [asked], answers: 1 });
    };
    // Whoever reads has the same page while the others still hold theirs up.
    const [deaf, reading] = await Promise.all([
      inParallel(20, () =>
        talk(intake.port, { send: [Buffer.concat(Array(200).fill(asked) as Buffer[])], deaf: true, msMax: 6_000 }),
      ),
      reader(),
    ]);
    const read = judge(reading, { statuses: [200] });
    const held = deaf.filter(({ end }) => end === 'open').length;
    return { came: `${held} held up; one that reads: ${read.came}`, faults: read.faults };
  },
};
