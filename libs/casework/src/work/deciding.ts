import { err, isoTime, ok } from '@ringside/core';
import { reportsPerStepMax, type Decision } from '@ringside/events';

import type { Refusal } from './case-command.js';
import { takeStep, type CaseStep } from './case-step.js';
import type { CaseworkPolicy } from './casework-policy.js';
import type { CommandOf, Handler } from './lifecycle-table.js';
import { faultOfClauseName, faultOfText, oneOfAll, refusal, refuse } from './refusal.js';
import { faultsOfSanctions } from './sanction-orders.js';

/**
 * A decision covers the reports that its decider saw, whether they count or not; reports beyond what one step may name are covered
 * by further steps of the same command. It needs no claim where nobody has one, and ends the decider's: whoever takes on what comes
 * later claims again.
 */
export const decide: Handler<'decide'> = (work, command, policy) => {
  const { background, sanctions } = command;
  const { openReports, uncounted = [] } = background;
  const reportIds = [...new Set([...openReports, ...uncounted].map(({ reportId }) => reportId))];
  if (reportIds.length === 0) {
    return refuse('wrong_state', 'Every report that you saw is decided already, or went to another team. Read the case again.');
  }
  const fault = faultOfDecision(command, policy);
  if (fault) return err(fault);
  const decision = draftOf(command, `${command.caseId}.${work.version + 1}`, reportIds.slice(0, reportsPerStepMax));
  const expiresAt = isoTime(Date.parse(command.at) + policy.proposalHours * 3_600_000);
  const first = policy.needsApproval(sanctions, background)
    ? takeStep(command, 'DecisionProposed', { decision, expiresAt })
    : takeStep(command, 'DecisionMade', { decision });
  return ok([first, ...furtherReports(command, decision.decisionId, reportIds)]);
};

function draftOf(command: CommandOf<'decide'>, decisionId: string, reportIds: readonly string[]): Decision {
  const { verdict, clause, facts, sanctions, background } = command;
  return {
    decisionId,
    verdict,
    ...(clause === undefined ? {} : { clause }),
    facts,
    sanctions: sanctions.map(({ kind, durationHours }, index) => ({
      sanctionId: `${decisionId}.${index + 1}`,
      kind,
      ...(durationHours === undefined ? {} : { durationHours }),
    })),
    reportIds,
    priorStrikes: background.priorStrikes,
    automated: false,
  };
}

function furtherReports(command: CommandOf<'decide'>, decisionId: string, all: readonly string[]): readonly CaseStep[] {
  const steps: CaseStep[] = [];
  for (let from = reportsPerStepMax; from < all.length; from += reportsPerStepMax) {
    steps.push(takeStep(command, 'ReportsCovered', { decisionId, reportIds: all.slice(from, from + reportsPerStepMax) }));
  }
  return steps;
}

const whatFactsAreFor = {
  uphold: 'Say on which facts the decision rests: the player is told.',
  dismiss: 'Say why the reports are dismissed.',
  inconclusive: 'Say what was looked at and why it does not settle the matter.',
} as const;

/** All that is wrong with it, so that nobody mends one field to hear of the next. */
function faultOfDecision(command: CommandOf<'decide'>, policy: CaseworkPolicy): Refusal | undefined {
  const { verdict, clause, facts, sanctions } = command;
  const faults = [
    faultOfText(facts, 'facts', whatFactsAreFor[verdict]),
    faultOfClause(verdict === 'uphold', clause),
    ...(verdict !== 'uphold' && sanctions.length > 0
      ? [refusal('invalid', 'Sanctions go with the verdict uphold alone. Leave them out.', '/sanctions')]
      : faultsOfSanctions(sanctions, policy)),
  ];
  return oneOfAll(faults.filter((fault) => fault !== undefined));
}

/** A dismissal may name the clause that was at issue; upholding must. */
function faultOfClause(required: boolean, clause: string | undefined): Refusal | undefined {
  if (clause !== undefined) return faultOfClauseName(clause);
  return required ? refusal('invalid', 'Name the clause that was broken.', '/clause') : undefined;
}
