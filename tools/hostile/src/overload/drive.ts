import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

import { readAnswers, type Answer } from '../read-answers.js';
import { open } from '../wire.js';
import { percentile, type Load, type Tally } from './load.js';

const patienceMs = 15_000;

interface Caller {
  readonly socket: Socket;
  /** When the report under way was due; undefined between two. */
  dueAt: number | undefined;
  received: Buffer;
}

/**
 * Sends one batch of reports again and again over bare sockets: a client of a library would be slower than the service. Resolves
 * when all is answered, or has not been for 15 seconds.
 */
export async function drive(port: number, bytes: Buffer, load: Load): Promise<Tally> {
  const times: number[] = [];
  const reportIds: string[] = [];
  const others: Record<string, number> = {};
  let [due, sent, accepted, putOff, broken, underWay] = [0, 0, 0, 0, 0, 0];
  const idle: Caller[] = [];
  const callers = new Set<Caller>();
  let isOver = false;

  const send = (caller: Caller, dueAt: number): void => {
    caller.dueAt = dueAt;
    sent += 1;
    underWay += 1;
    caller.socket.write(bytes);
  };
  const settle = (caller: Caller, { status, headers, body }: Answer): void => {
    const ms = performance.now() - caller.dueAt!;
    caller.dueAt = undefined;
    underWay -= 1;
    if (status === 200) {
      times.push(ms);
      accepted += 1;
      for (const [, lineStatus = '', reportId] of body.matchAll(/"status":(\d+)(?:,"reportId":"([^"]+)")?/g)) {
        if (reportId !== undefined) reportIds.push(reportId);
        else others[`line ${lineStatus}`] = (others[`line ${lineStatus}`] ?? 0) + 1;
      }
    } else if ((status === 503 || status === 429) && headers.has('retry-after')) putOff += 1;
    else others[status] = (others[status] ?? 0) + 1;
    if (headers.get('connection') === 'close') caller.socket.end();
    else if (load.kind === 'closed' && !isOver) send(caller, performance.now());
    else idle.push(caller);
  };
  const connect = async (): Promise<void> => {
    const caller: Caller = { socket: await open(port), dueAt: undefined, received: noBytes };
    callers.add(caller);
    idle.push(caller);
    caller.socket
      .on('data', (chunk: Buffer) => {
        const { answers, rest } = readAnswers(caller.received.length === 0 ? chunk : Buffer.concat([caller.received, chunk]));
        caller.received = rest;
        for (const answer of answers) if (caller.dueAt !== undefined) settle(caller, answer);
      })
      .once('close', () => {
        callers.delete(caller);
        const at = idle.indexOf(caller);
        if (at !== -1) idle.splice(at, 1);
        if (caller.dueAt !== undefined) {
          underWay -= 1;
          broken += 1;
        }
        if (!isOver) void connect();
      });
  };

  for (let one = 0; one < load.connections; one += 1) await connect();
  const began = performance.now();
  if (load.kind === 'closed') {
    for (const caller of idle.splice(0)) send(caller, performance.now());
    await pause(load.ms);
  } else {
    while (performance.now() - began < load.ms) {
      const until = Math.floor(((performance.now() - began) * load.perSecond) / 1_000);
      for (; due < until; due += 1) {
        // Each in its turn: one that is left idle for long is ended by the service, as it should be.
        const caller = idle.shift();
        if (caller) send(caller, began + (due * 1_000) / load.perSecond);
      }
      await pause(1);
    }
  }
  isOver = true;
  const ms = performance.now() - began;
  const inTime = accepted;
  for (const giveUpAt = performance.now() + patienceMs; underWay > 0 && performance.now() < giveUpAt;) await pause(10);
  const unanswered = underWay;
  for (const { socket } of callers) socket.destroy();
  const [p50, p99, slowest] = [percentile(times, 0.5), percentile(times, 0.99), percentile(times, 1)];
  return {
    ...{ ms, due: load.kind === 'open' ? due : sent, sent, accepted: inTime, putOff, others, broken, unanswered },
    p50,
    p99,
    slowest,
    reportIds,
  };
}

const noBytes = Buffer.alloc(0);
