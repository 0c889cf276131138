import { setTimeout as sleep } from 'node:timers/promises';
import type { EventLog, Position } from '@ringside/event-log';

import { serviceName } from '../subscriber.js';

const pauseMs = { first: 20, last: 500 };

export interface CaughtUpOptions {
  readonly log: Pick<EventLog, 'heads' | 'backlog'>;
  /** How long to wait for it, in ms. */
  readonly msMax: number;
  readonly signal: AbortSignal;
}

/**
 * Whether the views have taken in all that the log had of a topic when this was asked. Until then nobody can say what is missing: it may
 * be in the log, and would be fetched a second time. Throws what the log throws.
 */
export async function hasCaughtUp(topic: string, { log, msMax, signal }: CaughtUpOptions): Promise<boolean> {
  const deadline = performance.now() + msMax;
  const heads = (await log.heads(topic)).filter(({ head }) => head !== null);
  for (let pause = pauseMs.first; ; pause = Math.min(pauseMs.last, pause * 2)) {
    const cursors = new Map((await log.backlog(topic, serviceName)).map((one) => [one.partition, one]));
    const isDone = heads.every(({ partition, head }) => {
      const at = cursors.get(partition);
      return at !== undefined && (at.backlog === 0 || isAtOrBehind(at.cursor, head!));
    });
    if (isDone || performance.now() + pause > deadline || signal.aborted) return isDone;
    await sleep(pause);
  }
}

const isAtOrBehind = (cursor: Position | null, head: Position): boolean => cursor !== null && cursor >= head;
