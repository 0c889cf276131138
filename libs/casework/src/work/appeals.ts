import { err, ok, type IsoTime } from '@ringside/core';

import { takeStep } from './case-step.js';
import { appealOf, decisionOf, type AppealRefusal, type CaseWork } from './case-work.js';
import type { CommandOf, Handler } from './lifecycle-table.js';
import { faultOfText, refuse } from './refusal.js';

/** Article 20(1) of Regulation (EU) 2022/2065: at least six months. */
export const appealMonths = 6;

/**
 * The last moment at which a decision can be appealed: the end (UTC) of the day with the same number six calendar months later, or
 * of that month's last day where it has none such, as Article 3 of Regulation 1182/71 counts periods in months.
 */
export function appealableUntil(effectiveAt: IsoTime): IsoTime {
  const from = new Date(effectiveAt);
  const [year, month] = [from.getUTCFullYear(), from.getUTCMonth() + appealMonths];
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return new Date(Date.UTC(year, month, Math.min(from.getUTCDate(), lastDay), 23, 59, 59, 999)).toISOString();
}

/** Appeals come in as events, so a refusal is a step that the player can be told of. */
export const openAppeal: Handler<'open_appeal'> = (work, command) => {
  const { appealId, decisionId, filedAt, statementHeldIn } = command;
  if (appealOf(work, appealId) !== undefined) return ok([]);
  const because = whyNotAppealed(work, command);
  if (because !== undefined) return ok([takeStep(command, 'AppealRefused', { appealId, decisionId, because })]);
  return ok([takeStep(command, 'AppealOpened', { appealId, decisionId, filedAt, statementHeldIn })]);
};

/** Whoever is not the subject learns nothing of the decision; after that the most final answer comes first. */
function whyNotAppealed(
  work: CaseWork,
  { decisionId, playerId, subjectId, filedAt }: CommandOf<'open_appeal'>,
): AppealRefusal | undefined {
  if (playerId !== subjectId) return 'not_the_subject';
  const decision = decisionOf(work, decisionId);
  if (decision === undefined) return 'no_such_decision';
  const earlier = Object.values(work.appeals).filter((appeal) => appeal.decisionId === decisionId);
  if (earlier.some(({ state }) => state === 'decided')) return 'already_decided';
  if (decision.state !== 'in_effect') return 'not_in_effect';
  if (earlier.some(({ state }) => state === 'open')) return 'already_open';
  return filedAt > appealableUntil(decision.effectiveAt) ? 'too_late' : undefined;
}

/** By somebody who had no part in the decision: Article 20(6) asks for qualified staff, and nobody judges themselves. */
export const decideAppeal: Handler<'decide_appeal'> = (work, command) => {
  const { appealId, outcome, facts, by } = command;
  const appeal = appealOf(work, appealId);
  if (appeal === undefined) {
    return refuse('not_found', `The case has no appeal ${appealId}. Read the list of appeals to see those that are open.`);
  }
  if (appeal.state === 'refused') return refuse('wrong_state', 'The appeal was not taken up: there is nothing to decide.');
  if (appeal.state === 'decided') {
    return refuse('wrong_state', `${appeal.decidedBy} decided the appeal at ${appeal.decidedAt}, and that is final.`);
  }
  const { decisionId } = appeal;
  const decision = decisionOf(work, decisionId);
  const approvedBy = decision?.state === 'in_effect' ? decision.approvedBy : null;
  if (by.sub === decision?.decidedBy || by.sub === approvedBy) {
    return refuse('forbidden', 'Whoever made or approved a decision cannot decide an appeal against it. Ask a colleague.');
  }
  const fault = faultOfText(facts, 'facts', 'Say on which facts the appeal is decided: the player is told.');
  return fault ? err(fault) : ok([takeStep(command, 'AppealDecided', { appealId, decisionId, outcome, facts })]);
};
