import type { JsonObject } from '@ringside/core';

import type { SanctionRow } from './player-sanctions.js';
import type { CaseStep } from './work/case-step.js';
import { sanctionChangeOf } from './work/consequences.js';

interface StepOfCase {
  readonly step: CaseStep;
  readonly caseVersion: number;
}

/**
 * The first step of a history of which the rows of the player's sanctions do not have all that it imposed, or took back; undefined
 * where they have. Steps and sanctions travel on topics of their own.
 */
export function stepLackingSanctions(history: readonly StepOfCase[], rows: readonly JsonObject[]): number | undefined {
  const sanctions = rows as unknown as readonly SanctionRow[];
  const ordered = new Map<string, number>();
  const imposedAt = new Map<string, number>();
  const lacking = history.find(({ step, caseVersion }) => {
    if (step.type === 'DecisionMade' || step.type === 'DecisionProposed') {
      ordered.set(step.data.decision.decisionId, step.data.decision.sanctions.length);
    }
    const change = sanctionChangeOf(step);
    if (change === undefined) return false;
    const { decisionId, because } = change;
    if (because === null) imposedAt.set(decisionId, caseVersion);
    const imposed = sanctions.filter((row) => isOf(row, decisionId, imposedAt.get(decisionId)));
    const isThere = imposed.length >= (ordered.get(decisionId) ?? 0);
    return !isThere || (because !== null && imposed.some(({ reversed }) => reversed === null));
  });
  return lacking?.caseVersion;
}

/** What a step of another term imposed by the same decision is not of this one. Of old there is no step with what was imposed. */
const isOf = ({ imposed }: SanctionRow, decisionId: string, caseVersion: number | undefined): boolean =>
  imposed?.decisionId === decisionId && (imposed.caseVersion === undefined || imposed.caseVersion === caseVersion);
