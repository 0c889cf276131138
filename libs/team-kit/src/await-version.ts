import { setTimeout as pause } from 'node:timers/promises';
import { caseRow, haveSanctions, playerSanctionsTable, sanctionKeysOf, versionOf, type CaseFile } from '@ringside/casework';

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
  let has: number | undefined;
  await becomesTrue(msMax, async () => {
    const file = await fileOf(views, caseId);
    has = file === undefined ? undefined : versionOf(file);
    return has === undefined || has >= version;
  });
  return has;
}

/**
 * Waits until the subject's sanctions have what the case shows as decided: they come by a topic of their own, before or after the
 * case's row. False where that took longer than `msMax`.
 */
export function awaitSanctions(views: Views, caseId: string, msMax: number = versionWaitMsMax): Promise<boolean> {
  return becomesTrue(msMax, async () => {
    const file = await fileOf(views, caseId);
    if (file === undefined) return true;
    const shown = Object.values(file.decisions)
      .filter(({ sanctioned }) => sanctioned)
      .map(async ({ decisionId, state }) => {
        const options = { ...sanctionKeysOf(decisionId), limit: sanctionsOfDecisionMax };
        const rows = await views.page(playerSanctionsTable, file.subjectId, options);
        return haveSanctions(
          rows.map(({ value }) => value),
          state,
        );
      });
    return (await Promise.all(shown)).every(Boolean);
  });
}

/** More than a decision ever imposes: one of each kind. */
const sanctionsOfDecisionMax = 50;

const fileOf = async (views: Views, caseId: string): Promise<CaseFile | undefined> =>
  (await views.get(caseRow(caseId))) as unknown as CaseFile | undefined;

/** Asks again and again, at least once. False where it was not so within `msMax`. */
export async function becomesTrue(msMax: number, isSo: () => Promise<boolean>): Promise<boolean> {
  const deadline = performance.now() + msMax;
  for (let pauseMs = 2; ; pauseMs = Math.min(50, pauseMs * 2)) {
    if (await isSo()) return true;
    if (performance.now() >= deadline) return false;
    await pause(pauseMs);
  }
}
