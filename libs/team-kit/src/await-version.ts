import { setTimeout as pause } from 'node:timers/promises';
import { caseRow, versionOf, type CaseFile } from '@ringside/casework';

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
