import {
  caseRow,
  caseStepsTable,
  playerSanctionsTable,
  sanctionsOfCase,
  stepOf,
  type CaseFile,
  type StepOnFile,
} from '@ringside/casework';
import type { JsonObject } from '@ringside/core';
import type { CaseEvent } from '@ringside/events';

import { historyOf, type EarlierStep, type EarlierSteps } from './earlier-steps.js';
import type { ViewReader } from '../subscriber.js';

/** Steps are under their times; the kit's own row of the partition comes behind them. */
const behindTimes = ':';
const pageRows = 1_000;

/**
 * The steps of a case as the views of this region have them, which follow the topic of its home. How far the case has come they
 * hear by other topics as well: a step that is known of and is not here is one that a new term must not leave out, and one that is
 * here before what followed from it must not be gone on from.
 */
export const stepsInViews =
  (views: () => ViewReader): EarlierSteps =>
  async (caseId, before) => {
    // First the steps: what has come meanwhile of all that follows from them does no harm.
    const steps = await stepsOf(views(), caseId);
    const file = (await views().get(caseRow(caseId))) as unknown as CaseFile | undefined;
    const sanctions = file === undefined || before.upTo !== undefined ? [] : await sanctionsOf(views(), file);
    return historyOf({ steps, reached: file?.streamVersion ?? 0, sanctions }, before);
  };

async function sanctionsOf(views: ViewReader, { caseId, subjectId }: CaseFile): Promise<readonly JsonObject[]> {
  const rows = await views.page(playerSanctionsTable, subjectId, { ...sanctionsOfCase(caseId), limit: pageRows });
  return rows.map(({ value }) => value);
}

async function stepsOf(views: ViewReader, caseId: string): Promise<readonly EarlierStep[]> {
  const steps: EarlierStep[] = [];
  let after: string | undefined;
  for (;;) {
    const options = { to: behindTimes, limit: pageRows, ...(after === undefined ? {} : { after }) };
    const rows = await views.page(caseStepsTable, caseId, options);
    steps.push(...rows.map(({ value }) => earlierStep(value as unknown as StepOnFile)));
    if (rows.length < pageRows) return steps;
    after = rows.at(-1)!.key;
  }
}

function earlierStep({ at: time, type, data, causationId }: StepOnFile): EarlierStep {
  const step = stepOf({ type, time, data } as CaseEvent);
  return { step, caseVersion: data.caseVersion, ...(causationId === undefined ? {} : { causationId }) };
}
