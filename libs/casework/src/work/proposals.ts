import { err, ok, type IsoTime } from '@ringside/core';

import type { CommandContext, Refusal } from './case-command.js';
import { takeStep } from './case-step.js';
import { decisionOf, type CaseWork, type DecisionRecord } from './case-work.js';
import type { Handler } from './lifecycle-table.js';
import { faultOfText, refusal, refuse } from './refusal.js';

export type Proposal = Extract<DecisionRecord, { readonly state: 'proposed' }>;

/** The proposal that can still be approved; there is at most one, for nothing is decided while one waits. */
export const pendingProposal = ({ decisions }: CaseWork, at: IsoTime): Proposal | undefined =>
  Object.values(decisions).find((decision): decision is Proposal => decision.state === 'proposed' && decision.expiresAt > at);

export const noSuchDecision = (decisionId: string): Refusal =>
  refusal('not_found', `The case has no decision ${decisionId}. Read the case to see its decisions.`);

/** The proposal that the command names, or why there is none to answer. */
function proposalOf(work: CaseWork, { at, decisionId }: CommandContext & { readonly decisionId: string }): Proposal | Refusal {
  const decision = decisionOf(work, decisionId);
  if (decision === undefined) return noSuchDecision(decisionId);
  if (decision.state !== 'proposed') {
    return refusal('wrong_state', `Decision ${decisionId} is ${inWords[decision.state]}: it waits for no approval.`);
  }
  if (decision.expiresAt > at) return decision;
  return refusal('wrong_state', `The proposal ran out at ${decision.expiresAt}. The reports have to be decided anew.`);
}

/** A state as it stands in a sentence. */
export const inWords: Readonly<Record<DecisionRecord['state'], string>> = {
  proposed: 'proposed',
  in_effect: 'in effect',
  rejected: 'rejected',
  reverted: 'reverted',
  overturned: 'overturned',
};

/** By the clock of whoever decided, the proposal had run out; by that of whoever approves it now, it has not. */
function decidedMeanwhile({ decisions }: CaseWork, { reportIds }: Proposal): DecisionRecord | undefined {
  const proposed = new Set(reportIds);
  return Object.values(decisions).find(
    (decision) => decision.state === 'in_effect' && decision.reportIds.some((reportId) => proposed.has(reportId)),
  );
}

export const approve: Handler<'approve'> = (work, command) => {
  const proposal = proposalOf(work, command);
  if ('code' in proposal) return err(proposal);
  if (proposal.decidedBy === command.by.sub) {
    return refuse('forbidden', 'Whoever proposed a decision cannot approve it. Ask another approver.');
  }
  const other = decidedMeanwhile(work, proposal);
  if (other !== undefined) {
    return refuse(
      'wrong_state',
      `Decision ${other.decisionId} is in effect for reports of this proposal. Reject the proposal, and decide what is still open.`,
    );
  }
  return ok([takeStep(command, 'DecisionApproved', { decisionId: proposal.decisionId })]);
};

/** Also by whoever proposed it, where they may answer proposals at all: they take it back. */
export const reject: Handler<'reject'> = (work, command) => {
  const proposal = proposalOf(work, command);
  if ('code' in proposal) return err(proposal);
  const { decisionId } = proposal;
  const fault = faultOfText(command.reason, 'reason', 'Say why the proposal is rejected, for whoever has to decide anew.');
  if (fault) return err(fault);
  return ok([takeStep(command, 'DecisionRejected', { decisionId, because: 'rejected', reason: command.reason })]);
};

/** Not while an appeal is open: that is answered by somebody who had no part in the decision. */
export const revert: Handler<'revert'> = (work, command) => {
  const { decisionId, reason } = command;
  const decision = decisionOf(work, decisionId);
  if (decision === undefined) return err(noSuchDecision(decisionId));
  if (decision.state !== 'in_effect') {
    return refuse('wrong_state', `Decision ${decisionId} is ${inWords[decision.state]}: there is nothing to take back.`);
  }
  const open = Object.values(work.appeals).find((appeal) => appeal.decisionId === decisionId && appeal.state === 'open');
  if (open !== undefined) {
    return refuse('wrong_state', `Appeal ${open.appealId} against this decision is open. Decide the appeal instead.`);
  }
  const fault = faultOfText(reason, 'reason', 'Say why the decision is taken back.');
  return fault ? err(fault) : ok([takeStep(command, 'DecisionReverted', { decisionId, reason })]);
};
