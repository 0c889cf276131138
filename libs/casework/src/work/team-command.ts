import type { Decision } from '@ringside/events';

import type { CommandContext, Refusal } from './case-command.js';
import type { CaseStep } from './case-step.js';
import type { CaseWork } from './case-work.js';
import * as is from './conditions.js';
import { refusal } from './refusal.js';

/** For commands that a team adds to the lifecycle: why this person cannot work on the case now, as for a decision. */
export function whyNotWorked(work: CaseWork, command: CommandContext): Refusal | undefined {
  const whyNotThey = is.caseWorkers(command.by);
  if (whyNotThey !== undefined) return refusal('forbidden', whyNotThey);
  const whyNotNow = is.nobodyElseHolds(work, command) ?? is.clockRuns(work, command);
  return whyNotNow === undefined ? undefined : refusal('wrong_state', whyNotNow);
}

/**
 * For what a team works out before it decides: the case after a step, where a decision says what it rests on. `restsOn` is asked as
 * the decision is made, so that nothing that is worked out later changes what the player is told.
 */
export function withBasis(
  { decisions }: Pick<CaseWork, 'decisions'>,
  step: CaseStep,
  restsOn: (decision: Decision) => string | undefined,
): Pick<CaseWork, 'decisions'> {
  if (step.type !== 'DecisionMade' && step.type !== 'DecisionProposed') return { decisions };
  const { decision } = step.data;
  const sentence = restsOn(decision);
  if (sentence === undefined) return { decisions };
  return { decisions: { ...decisions, [decision.decisionId]: { ...decisions[decision.decisionId]!, restsOn: sentence } } };
}
