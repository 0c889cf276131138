import { setTimeout as pause } from 'node:timers/promises';
import { residentMemory } from '@ringside/service-processes';

import { formText } from './forms.js';
import type { Target } from './services.js';
import { report, request, talk } from './wire.js';

/** What a well-behaved client saw, and how large the service grew. */
export interface Testimony {
  readonly requests: number;
  readonly served: number;
  /** Answered 503 with Retry-After. */
  readonly putOff: number;
  /** Neither of the two. */
  readonly lost: number;
  readonly slowestMs: number;
  readonly memoryBefore: number;
  readonly memoryPeak: number;
}

export interface Witness {
  testify(): Promise<Testimony>;
}

const everyMs = 100;

/** Sends a report or a read, each over a connection of its own, ten times a second, until it is asked or the run ends. */
export function watch(intake: Target, signal: AbortSignal): Witness {
  const memoryBefore = anonymousBytes(intake.pid);
  let [requests, served, putOff, lost, slowestMs, memoryPeak] = [0, 0, 0, 0, 0, memoryBefore];
  let isOver = false;
  const watching = (async () => {
    while (!isOver && !signal.aborted) {
      requests += 1;
      const bytes = requests % 2 === 0 ? report(formText('of a player who means no harm')) : request('GET /v1/report-reasons');
      const { answers, ms } = await talk(intake.port, { send: [bytes], answers: 1, msMax: 10_000 }).catch(() => ({
        answers: [],
        ms: 0,
      }));
      const [answer] = answers;
      if (answer?.status === 200 || answer?.status === 202) served += 1;
      else if (answer?.status === 503 && answer.headers.has('retry-after')) putOff += 1;
      else lost += 1;
      slowestMs = Math.max(slowestMs, ms);
      memoryPeak = Math.max(memoryPeak, anonymousBytes(intake.pid));
      await pause(everyMs);
    }
  })();
  return {
    async testify() {
      isOver = true;
      await watching;
      return { requests, served, putOff, lost, slowestMs, memoryBefore, memoryPeak };
    },
  };
}

/** Memory of a process that is no file's: heap, stacks and buffers. 0 where the process is gone. */
export function anonymousBytes(pid: number): number {
  try {
    return residentMemory(pid).anonymous;
  } catch {
    return 0;
  }
}

export const megabytes = (bytes: number): number => Math.round(bytes / 1024 / 1024);
