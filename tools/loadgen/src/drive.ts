import { setTimeout as pause } from 'node:timers/promises';

export interface Pace {
  /** When the next request is due, in ms since the start; without, each connection sends its next when the last is answered. */
  readonly arrivals?: Iterator<number, unknown, void>;
  readonly connections: number;
  readonly signal: AbortSignal;
}

/** Beyond this many unanswered requests the sender waits: it falls behind its rate, rather than run out of memory. */
const unansweredMax = 5_000;

/** Sends each request at its time, whether or not those before are answered. Resolves when all are. */
export async function drive<T>(requests: Iterable<T>, pace: Pace, send: (request: T) => Promise<void>): Promise<void> {
  if (pace.arrivals === undefined) return asFastAsAnswered(requests, pace, send);
  const startedAt = performance.now();
  const unanswered = new Set<Promise<void>>();
  for (const request of requests) {
    const dueMs = pace.arrivals.next().value as number;
    await until(startedAt + dueMs, pace.signal);
    while (unanswered.size >= unansweredMax) await Promise.race(unanswered);
    if (pace.signal.aborted) break;
    const sending = send(request).finally(() => unanswered.delete(sending));
    unanswered.add(sending);
  }
  await Promise.all(unanswered);
}

async function asFastAsAnswered<T>(
  requests: Iterable<T>,
  { connections, signal }: Pace,
  send: (request: T) => Promise<void>,
): Promise<void> {
  const iterator = requests[Symbol.iterator]();
  const worker = async (): Promise<void> => {
    for (let next = iterator.next(); !next.done && !signal.aborted; next = iterator.next()) await send(next.value);
  };
  await Promise.all(Array.from({ length: connections }, worker));
}

async function until(time: number, signal: AbortSignal): Promise<void> {
  const waitMs = time - performance.now();
  if (waitMs > 0) await pause(waitMs, undefined, { signal }).catch(() => undefined);
}

/** Does the work for all items, at most `width` at a time, in their order. */
export async function inParallel<T>(items: Iterable<T>, width: number, work: (item: T) => Promise<void>): Promise<void> {
  const iterator = items[Symbol.iterator]();
  const worker = async (): Promise<void> => {
    for (let next = iterator.next(); !next.done; next = iterator.next()) await work(next.value);
  };
  await Promise.all(Array.from({ length: width }, worker));
}
