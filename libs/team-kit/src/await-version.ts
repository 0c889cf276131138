import { setTimeout as pause } from 'node:timers/promises';
import { caseRow, versionOf, type CaseFile } from '@ringside/casework';
import type { EventLog } from '@ringside/event-log';

import type { Subscriber } from './subscriber.js';
import type { Views } from './views.js';

/** How long a query waits for what its sender has written, in ms. */
export const versionWaitMsMax = 2_000;

/**
 * Waits until the views have a version of a case, so that whoever gave a command reads what it led to. Answers with the version
 * they have: less than was asked for where that took longer than `msMax`. Undefined, at once, for a case that is not there.
 */
export async function awaitVersion(
  views: Views,
  caseId: string,
  version: number,
  msMax: number = versionWaitMsMax,
): Promise<number | undefined> {
  const deadline = performance.now() + msMax;
  let pauseMs = 2;
  for (;;) {
    const file = (await views.get(caseRow(caseId))) as unknown as CaseFile | undefined;
    const has = file === undefined ? undefined : versionOf(file);
    if (has === undefined || has >= version || performance.now() >= deadline) return has;
    await pause(pauseMs);
    pauseMs = Math.min(50, pauseMs * 2);
  }
}

/**
 * Waits until the views contain all that the log had when this was called, whichever process writes them; what a command led to is
 * among it, unless its answer could not wait for the log. False where that took longer than `msMax`.
 */
export async function awaitLog(
  { views, log, subscriber }: { readonly views: Views; readonly log: EventLog; readonly subscriber: Subscriber },
  msMax: number = versionWaitMsMax,
): Promise<boolean> {
  const deadline = performance.now() + msMax;
  const behind = await Promise.all(
    subscriber.topics.map(async (topic) => {
      const heads = (await log.heads(topic)).flatMap(({ partition, head }) =>
        head === null ? [] : [[partition, head] as const],
      );
      return { name: views.checkpointName(topic), heads: new Map(heads) };
    }),
  );
  let pauseMs = 2;
  for (;;) {
    for (const { name, heads } of behind) {
      if (heads.size === 0) continue;
      for (const { partition, position } of await views.store.checkpoints(name)) {
        const head = heads.get(partition);
        if (head !== undefined && position !== null && position >= head) heads.delete(partition);
      }
    }
    if (behind.every(({ heads }) => heads.size === 0)) return true;
    if (performance.now() >= deadline) return false;
    await pause(pauseMs);
    pauseMs = Math.min(50, pauseMs * 2);
  }
}
