import { ok } from '@ringside/core';

import { takeStep, type CaseStep } from './case-step.js';
import type { CaseWork } from './case-work.js';
import type { CaseworkPolicy } from './casework-policy.js';
import { runningClaim } from './claiming.js';
import { pausedMsAt } from './holding.js';
import type { CommandOf, Handler } from './lifecycle-table.js';

type Tick = CommandOf<'tick'>;

/** What follows from the time alone. A case on hold announces no deadline; its lease and its proposal run out all the same. */
export const tick: Handler<'tick'> = (work, command, policy) =>
  ok([
    ...leaseRanOut(work, command),
    ...proposalsRanOut(work, command, policy),
    ...mustNotBeHeld(work, command, policy),
    ...deadlinesToAnnounce(work, command, policy),
  ]);

const leaseRanOut = (work: CaseWork, command: Tick): readonly CaseStep[] =>
  work.claim !== null && runningClaim(work, command.at) === null
    ? [takeStep(command, 'CaseReleased', { because: 'expired' })]
    : [];

function proposalsRanOut({ decisions }: CaseWork, command: Tick, { proposalHours }: CaseworkPolicy): readonly CaseStep[] {
  const reason = `Nobody answered within ${proposalHours} ${proposalHours === 1 ? 'hour' : 'hours'}.`;
  return Object.values(decisions)
    .filter((decision) => decision.state === 'proposed' && decision.expiresAt <= command.at)
    .map(({ decisionId }) => takeStep(command, 'DecisionRejected', { decisionId, because: 'expired', reason }));
}

/** A report that forbids a hold may come in while the case is on hold. */
const mustNotBeHeld = (work: CaseWork, command: Tick, policy: CaseworkPolicy): readonly CaseStep[] =>
  work.held !== null && policy.whyNotHeld(command.background) !== undefined
    ? [takeStep(command, 'CaseResumed', { pausedMs: pausedMsAt(work, command.at) })]
    : [];

export type Announcement = 'approached' | 'breached';

/** How a state remembers that a deadline was announced. */
export const announcementOf = (deadline: string, what: Announcement, dueAt: string): string => `${deadline}/${what}/${dueAt}`;

/** Each once; what is past is not said to be near. Whoever decided or claimed meanwhile met the deadline. */
function deadlinesToAnnounce(work: CaseWork, command: Tick, { dueSoonHours }: CaseworkPolicy): readonly CaseStep[] {
  const { at, background, deadlines } = command;
  if (work.held !== null || background.openReports.length === 0) return [];
  const claimed = runningClaim(work, at) !== null;
  return deadlines.flatMap(({ deadline, dueAt }) => {
    const leftMs = Date.parse(dueAt) - Date.parse(at);
    if (leftMs > dueSoonHours * 3_600_000 || (deadline === 'acknowledge' && claimed)) return [];
    const what: Announcement = leftMs > 0 ? 'approached' : 'breached';
    if (work.announced.includes(announcementOf(deadline, what, dueAt))) return [];
    return [takeStep(command, what === 'approached' ? 'DeadlineApproached' : 'DeadlineBreached', { deadline, dueAt })];
  });
}
