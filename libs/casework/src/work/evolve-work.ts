import type { IsoTime } from '@ringside/core';

import { firstVersionOf, termOf } from '../terms.js';
import type { CaseStep } from './case-step.js';
import { appealOf, decisionOf, type AppealRecord, type CaseWork, type DecisionRecord } from './case-work.js';
import type { Proposal } from './proposals.js';
import { announcementOf } from './ticking.js';

/** Deadlines of long ago do not come back; as many as a case can have at once, many times over. */
const announcedMax = 64;

/**
 * The case after a step, whichever team's: steps that the lifecycle does not know are counted. So are those that no decider takes, such
 * as the approval of what nobody proposed. Throws `RangeError` for a term that cannot go on from the step that it names.
 */
export const evolveWork = (work: CaseWork, step: CaseStep): CaseWork => ({
  ...work,
  version: versionAfter(work.version, step),
  ...changesOf(work, step),
});

/** The version of a step that comes behind another. */
export const versionAfter = (version: number, step: CaseStep): number =>
  step.type === 'CaseAdopted' ? firstVersionOf(step.data.term, step.data.basedOn) : version + 1;

function changesOf(work: CaseWork, step: CaseStep): Partial<CaseWork> {
  switch (step.type) {
    case 'CaseClaimed':
    case 'CaseClaimRenewed':
      return { claim: { by: step.by, until: step.data.until }, acknowledgedAt: step.at };
    case 'CaseReleased':
      return { claim: null };
    case 'CaseHandedOver':
      return { claim: { by: step.data.to, until: step.data.until } };
    case 'CaseHeld':
      return { held: { since: step.at, reason: step.data.reason } };
    case 'CaseResumed':
      return { held: null, pausedMs: step.data.pausedMs };
    case 'CaseAdopted':
      return { adopted: { basedOn: step.data.basedOn, homeRegion: step.data.homeRegion } };
    case 'CaseNoted':
      return { lastNote: { by: step.by, at: step.at, text: step.data.text } };
    case 'CaseEscalated':
      return { escalated: true };
    case 'DeadlineApproached':
      return announced(work, announcementOf(step.data.deadline, 'approached', step.data.dueAt));
    case 'DeadlineBreached':
      return announced(work, announcementOf(step.data.deadline, 'breached', step.data.dueAt));
    default:
      return decisionChangesOf(work, step);
  }
}

const announced = (work: CaseWork, what: string): Partial<CaseWork> => ({
  announced: [...work.announced, what].slice(-announcedMax),
});

/** What a decision that takes effect settles: the round of work that led to it. */
const settled = { escalated: false, pausedMs: 0 } as const;

/** Whoever decides has taken the case on, claimed or not, and gives it back. */
const takenOn = (at: IsoTime) => ({ acknowledgedAt: at, claim: null });

function decisionChangesOf(work: CaseWork, step: CaseStep): Partial<CaseWork> {
  const { by, at } = step;
  switch (step.type) {
    case 'DecisionProposed': {
      const { decision, expiresAt } = step.data;
      return {
        ...withDecision(work, { ...decision, decidedBy: by, decidedAt: at, state: 'proposed', expiresAt }),
        ...takenOn(at),
      };
    }
    case 'DecisionMade': {
      const made = { decidedBy: by, decidedAt: at, state: 'in_effect', effectiveAt: at, approvedBy: null } as const;
      return { ...withDecision(work, { ...step.data.decision, ...made }), ...settled, ...takenOn(at) };
    }
    case 'ReportsCovered': {
      const decision = decisionOf(work, step.data.decisionId);
      if (decision === undefined) return {};
      return withDecision(work, { ...decision, reportIds: [...decision.reportIds, ...step.data.reportIds] });
    }
    case 'DecisionApproved': {
      const proposed = decisionOf(work, step.data.decisionId);
      if (proposed?.state !== 'proposed') return {};
      const { expiresAt: _, ...proposal } = proposed;
      const effect = { state: 'in_effect', effectiveAt: at, approvedBy: by } as const;
      const sanctions = sanctionsIn(termOf(work.version), proposal);
      return { ...withDecision(work, { ...proposal, ...effect, sanctions }), ...settled };
    }
    case 'DecisionRejected': {
      const proposed = decisionOf(work, step.data.decisionId);
      if (proposed?.state !== 'proposed') return {};
      const { expiresAt: _, ...proposal } = proposed;
      return withDecision(work, { ...proposal, state: 'rejected', rejectedBy: by, because: step.data.because });
    }
    case 'DecisionReverted':
      return ended(work, step.data.decisionId, 'reverted', step);
    default:
      return appealChangesOf(work, step);
  }
}

function appealChangesOf(work: CaseWork, step: CaseStep): Partial<CaseWork> {
  switch (step.type) {
    case 'AppealOpened':
      return withAppeal(work, { ...step.data, state: 'open' });
    case 'AppealRefused':
      return withAppeal(work, { ...step.data, state: 'refused', refusedAt: step.at });
    case 'AppealDecided': {
      const { appealId, decisionId, outcome, facts } = step.data;
      const appeal = appealOf(work, appealId);
      if (appeal?.state !== 'open') return {};
      const answer = { state: 'decided', outcome, facts, decidedBy: step.by, decidedAt: step.at } as const;
      const changes = withAppeal(work, { ...appeal, ...answer });
      return outcome === 'upheld' ? changes : { ...changes, ...ended(work, decisionId, 'overturned', step) };
    }
    default:
      return {};
  }
}

/**
 * What is approved in a later term than it was proposed in has ids of its own: the region that was away may have imposed it as well,
 * and what that imposed is reversed for good.
 */
const sanctionsIn = (
  term: number,
  { decisionId, sanctions }: Pick<Proposal, 'decisionId' | 'sanctions'>,
): Proposal['sanctions'] =>
  termOf(Number(decisionId.slice(decisionId.lastIndexOf('.') + 1))) === term
    ? sanctions
    : sanctions.map((sanction) => ({ ...sanction, sanctionId: `${sanction.sanctionId}@${term}` }));

const withDecision = ({ decisions }: CaseWork, decision: DecisionRecord): Partial<CaseWork> => ({
  decisions: { ...decisions, [decision.decisionId]: decision },
});

const withAppeal = ({ appeals }: CaseWork, appeal: AppealRecord): Partial<CaseWork> => ({
  appeals: { ...appeals, [appeal.appealId]: appeal },
});

function ended(work: CaseWork, decisionId: string, state: 'reverted' | 'overturned', { by, at }: CaseStep): Partial<CaseWork> {
  const decision = decisionOf(work, decisionId);
  if (decision?.state !== 'in_effect') return {};
  return withDecision(work, { ...decision, state, endedBy: by, endedAt: at });
}
