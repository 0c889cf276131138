import { type Decider } from '@ringside/core';

import { decideAppeal, openAppeal } from './appeals.js';
import type { CaseCommand, Refusal } from './case-command.js';
import type { CaseStep } from './case-step.js';
import { initialCaseWork, withoutCovered, type CaseWork } from './case-work.js';
import type { CaseworkPolicy } from './casework-policy.js';
import { claim, handOver, release } from './claiming.js';
import * as is from './conditions.js';
import { decide } from './deciding.js';
import { evolveWork } from './evolve-work.js';
import { escalate, hold, note, resume } from './holding.js';
import type { CommandKind, LifecycleTable, Row } from './lifecycle-table.js';
import { approve, reject, revert } from './proposals.js';
import { refuse } from './refusal.js';
import { tick } from './ticking.js';

/**
 * The lifecycle of a case. Who may give a command, what must be so, and what it leads to; the handlers check what they name.
 *
 * The same command again adds no step. Of the commands that people give, a claim at the same instant and the same note yield
 * nothing, and all others are refused, for what they ask has happened; the service's own (`tick`, `open_appeal`) yield nothing.
 */
const table: LifecycleTable = {
  claim: { by: is.caseWorkers, when: [is.nobodyElseHolds], then: claim },
  release: { by: is.caseWorkers, when: [is.somebodyHolds, is.holdsOrLeads], then: release },
  hand_over: { by: is.caseWorkers, when: [is.holdsOrLeads, is.somethingOpen], then: handOver },
  hold: { by: is.caseWorkers, when: [is.holds, is.clockRuns, is.somethingOpen], then: hold },
  resume: { by: is.caseWorkers, when: [is.clockStands, is.holdsOrLeads], then: resume },
  note: { by: is.wholeTeam, when: [], then: note },
  escalate: { by: is.caseWorkers, when: [is.notEscalated, is.somethingOpen], then: escalate },
  decide: { by: is.caseWorkers, when: [is.nobodyElseHolds, is.clockRuns, is.nothingProposed], then: decide },
  approve: { by: is.approvers, when: [], then: approve },
  reject: { by: is.approvers, when: [], then: reject },
  revert: { by: is.leads, when: [], then: revert },
  open_appeal: { by: is.theService, when: [], then: openAppeal },
  decide_appeal: { by: is.caseWorkers, when: [], then: decideAppeal },
  tick: { by: is.theService, when: [], then: tick },
};

/** What every team's cases have in common. A team puts its own commands on top; steps that are not of here only count. */
export const lifecycleOf = (policy: CaseworkPolicy): Decider<CaseWork, CaseCommand, CaseStep, Refusal> => ({
  initialState: initialCaseWork,
  decide: (work, given) => {
    const command = { ...given, background: withoutCovered(work, given.background) };
    const row = table[command.kind] as Row<CommandKind>;
    const whyNotThey = row.by(command.by);
    if (whyNotThey !== undefined) return refuse('forbidden', whyNotThey);
    for (const condition of row.when) {
      const whyNotNow = condition(work, command);
      if (whyNotNow !== undefined) return refuse('wrong_state', whyNotNow);
    }
    return row.then(work, command as never, policy);
  },
  evolve: evolveWork,
});
