import { bySystem } from '@ringside/events';

import type { Role } from './case-command.js';
import { runningClaim } from './claiming.js';
import type { Admission, Condition } from './lifecycle-table.js';
import { pendingProposal } from './proposals.js';

const anyOf =
  (roles: readonly Role[], sentence: string): Admission =>
  (actor) =>
    actor.sub !== bySystem && actor.roles.some((role) => roles.includes(role)) ? undefined : sentence;

export const caseWorkers = anyOf(['case_worker', 'lead'], 'Only case workers and leads may do this.');
export const wholeTeam = anyOf(['case_worker', 'lead', 'approver'], 'Whoever may only read cannot do this.');
export const approvers = anyOf(['approver', 'lead'], 'Only approvers and leads may answer a proposal.');
export const leads = anyOf(['lead'], 'Only a lead may take a decision back. Ask one, and say what was wrong with it.');
export const theService: Admission = ({ sub }) => (sub === bySystem ? undefined : 'Only the service itself does this.');

export const nobodyElseHolds: Condition = (work, { at, by }) => {
  const claim = runningClaim(work, at);
  if (claim === null || claim.by === by.sub) return undefined;
  return `${claim.by} holds the case until ${claim.until}. Take another case, wait until then, or ask a lead to hand it over.`;
};

export const somebodyHolds: Condition = (work, { at }) =>
  runningClaim(work, at) === null ? 'Nobody holds the case, so there is nothing to give back.' : undefined;

/** The person who acts holds the case. */
export const holds: Condition = (work, command) => {
  if (runningClaim(work, command.at)?.by === command.by.sub) return undefined;
  const theirs = nobodyElseHolds(work, command);
  if (theirs !== undefined) return theirs;
  return work.claim?.by === command.by.sub
    ? `Your claim ran out at ${work.claim.until}. Claim the case again first.`
    : 'You do not hold the case. Claim it first.';
};

/** The person who acts holds the case, or is a lead. */
export const holdsOrLeads: Condition = (work, command) =>
  command.by.roles.includes('lead') ? undefined : holds(work, command);

export const clockRuns: Condition = ({ held }) =>
  held === null ? undefined : `The case is on hold since ${held.since}. Resume it first.`;

export const clockStands: Condition = ({ held }) => (held === null ? 'The case is not on hold.' : undefined);

/** There is something to do in the case. */
export const somethingOpen: Condition = (_work, { background }) =>
  background.openReports.length > 0
    ? undefined
    : 'Nothing is open in this case: every report that you saw is decided. Leave a note, or ask a lead to take the decision back.';

export const notEscalated: Condition = ({ escalated }) =>
  escalated ? 'The case is escalated already. Add what you have to say as a note.' : undefined;

/** Two proposals about the same reports could both come into effect. */
export const nothingProposed: Condition = (work, { at }) => {
  const pending = pendingProposal(work, at);
  return (
    pending &&
    `Decision ${pending.decisionId} waits for approval until ${pending.expiresAt}. Have it approved or rejected before deciding again.`
  );
};
