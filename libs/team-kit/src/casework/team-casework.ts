import {
  consequencesOf,
  isAnnouncement,
  type CaseStep,
  type CaseWork,
  type CaseworkPolicy,
  type CommandContext,
  type Refusal,
} from '@ringside/casework';
import type { Decider, JsonObject } from '@ringside/core';
import type { CaseEvent, RingsideEvent } from '@ringside/events';

import type { CaseAggregate } from '../commands/aggregate.js';
import type { TeamCasework } from '../team.js';

export interface CaseworkParts<State extends CaseWork, Command extends CommandContext> {
  readonly policy: CaseworkPolicy;
  readonly decider: Decider<State, Command, CaseStep, Refusal>;
  /** What is published with the team's own steps, beside what follows from those that all teams have. */
  readonly furtherConsequences?: (event: CaseEvent, after: State) => readonly RingsideEvent[];
}

/** A team's `casework` of its decider: what its commands are answered, and what is published with its steps. */
export function caseworkOf<State extends CaseWork, Command extends CommandContext>({
  policy,
  decider,
  furtherConsequences = () => [],
}: CaseworkParts<State, Command>): TeamCasework {
  const common = consequencesOf(policy);
  const aggregate: CaseAggregate<State, Command> = {
    decider,
    isAnnouncement,
    answer: (_after, steps) => answerOf(steps),
    consequences: (after, event) => [...common(after, event), ...furtherConsequences(event, after)],
  };
  return { policy, aggregate };
}

/** Of a decision its id, and whether it waits for somebody else; of an appeal that was taken up or not, nothing. */
function answerOf(steps: readonly CaseStep[]): JsonObject {
  for (const { type, data } of steps) {
    if (type !== 'DecisionMade' && type !== 'DecisionProposed') continue;
    return { decisionId: data.decision.decisionId, pendingApproval: type === 'DecisionProposed' };
  }
  return {};
}
