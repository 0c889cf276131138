import * as z from 'zod';
import type { EventOf } from '../define-event.js';
import { freeText, isoTime, opaqueId, reasonWord, regionName, webUrl } from '../fields.js';
import { personal } from '../personal.js';
import { priorReasonsMax } from '../report-rerouted.js';
import { stepsPerTerm, termsMax } from '../ring-events.js';
import { caseTextCharactersMax, defineCaseEvent, policyClause, redefineCaseEvent } from './case-step.js';
import { decision, reportIds } from './decision.js';

const text = personal(freeText(caseTextCharactersMax));
const decisionId = opaqueId;
const deadline = z.enum(['acknowledge', 'decide']);

/** A case worker took the case, as a lease that runs out at `until`. */
export const caseClaimed = defineCaseEvent('CaseClaimed', { until: isoTime });
/** Whoever holds the case is still at it. */
export const caseClaimRenewed = defineCaseEvent('CaseClaimRenewed', { until: isoTime });
/** Nobody holds the case any longer. */
export const caseReleased = defineCaseEvent('CaseReleased', { because: z.enum(['released', 'expired']) });
/** Whoever held the case, or a lead, gave it to somebody by name; the lease begins anew. */
export const caseHandedOver = defineCaseEvent('CaseHandedOver', { to: opaqueId, until: isoTime, reason: text });
/** The clock of the case stands still, for a reason. */
export const caseHeld = defineCaseEvent('CaseHeld', { reason: text });
/** The clock of the case goes on; `pausedMs` is how long it stood since a decision last took effect, over all holds. */
export const caseResumed = defineCaseEvent('CaseResumed', { pausedMs: z.int().min(0) });
export const caseNoted = defineCaseEvent('CaseNoted', { text });
/** A lead has to look at the case. */
export const caseEscalated = defineCaseEvent('CaseEscalated', { reason: text });
/** A deadline is near. */
export const deadlineApproached = defineCaseEvent('DeadlineApproached', { deadline, dueAt: isoTime });
/** A deadline has passed. */
export const deadlineBreached = defineCaseEvent('DeadlineBreached', { deadline, dueAt: isoTime });

/** A decision that needs somebody else's approval before it has any effect. */
export const decisionProposed = defineCaseEvent('DecisionProposed', { decision, expiresAt: isoTime });
/** A decision that has effect at once. */
export const decisionMade = defineCaseEvent('DecisionMade', { decision });
/** A second person approved of a proposal: it has effect from now on. */
export const decisionApproved = defineCaseEvent('DecisionApproved', { decisionId });
/** A proposal came to nothing: a second person refused it, or nobody answered in time. */
export const decisionRejected = defineCaseEvent('DecisionRejected', {
  decisionId,
  because: z.enum(['rejected', 'expired']),
  reason: text,
});
/** A decision was taken back by the team itself. What it imposed ends. */
export const decisionReverted = defineCaseEvent('DecisionReverted', { decisionId, reason: text });
/** Further reports that a decision covers: follows at once upon the decision. */
export const reportsCovered = defineCaseEvent('ReportsCovered', { decisionId, reportIds });

const appealedV1 = { appealId: opaqueId, decisionId, statement: text, filedAt: isoTime };

/**
 * The player objects to a decision. Their words are in `AppealFiled`, which never leaves its region; this event does, so it names the
 * region that keeps them instead. Its first version repeated them.
 */
export const appealOpened = redefineCaseEvent('AppealOpened', appealedV1, {
  shape: { appealId: opaqueId, decisionId, filedAt: isoTime, statementHeldIn: regionName },
  upcast: ({ statement: _, ...others }, { region }) => ({ ...others, statementHeldIn: region }),
});
/** An objection that nobody has to decide: the decision is not there or has no effect, is too old, or another one is open. */
export const appealRefused = defineCaseEvent('AppealRefused', {
  appealId: opaqueId,
  decisionId,
  because: z.enum(['no_such_decision', 'not_in_effect', 'too_late', 'already_open', 'already_decided', 'not_the_subject']),
});
/** An objection was decided, by somebody else than the decision's own. Overturning takes the decision back. */
export const appealDecided = defineCaseEvent('AppealDecided', {
  appealId: opaqueId,
  decisionId,
  outcome: z.enum(['upheld', 'overturned']),
  facts: text,
});

/**
 * A region that was promoted goes on with the case, in a new term: with its first command there. Steps behind `basedOn` that it did
 * not know have no effect from now on, whoever took them and whenever they come to light.
 */
export const caseAdopted = defineCaseEvent(
  'CaseAdopted',
  {
    term: z.int().min(1).max(termsMax),
    /** The step that the term goes on from, of an earlier term; 0 where the case had none. */
    basedOn: z.int().min(0),
    /** Where the case is at home, which a promotion does not change. */
    homeRegion: regionName,
  },
  { field: 'basedOn', holds: ({ term, basedOn }) => basedOn < term * stepsPerTerm },
);

export const evidenceItemsMax = 100;

const assembled = {
  reportIds,
  telemetry: z
    .array(z.strictObject({ reportId: opaqueId, from: isoTime, to: isoTime, finding: personal(freeText(500)) }))
    .max(evidenceItemsMax),
};
const assembledV1 = {
  ...assembled,
  replays: z.array(z.strictObject({ reportId: opaqueId, url: personal(webUrl) })).max(evidenceItemsMax),
};

/**
 * cheating: what the verdict will rest on. A replay is named by the report that it came with and the region that keeps that report's
 * evidence: its address is in `ReportEvidenceFiled`, which never leaves that region. The first version repeated the address.
 */
export const evidenceAssembled = redefineCaseEvent('EvidenceAssembled', assembledV1, {
  shape: {
    ...assembled,
    replays: z.array(z.strictObject({ reportId: opaqueId, heldIn: regionName })).max(evidenceItemsMax),
  },
  // As many as there were: a statement of reasons has said how many.
  upcast: ({ replays, ...others }, { region }) => ({
    ...others,
    replays: replays.map(({ reportId }) => ({ reportId, heldIn: region })),
  }),
});

/** abuse: one reported message was read and weighed. `clause` is absent where it breaks no rule. */
export const messageReviewed = defineCaseEvent('MessageReviewed', {
  reportId: opaqueId,
  /** Which line of the report's chat, from 0 on; -1 for its description. */
  message: z.int().min(-1),
  clause: policyClause.exactOptional(),
  /** 0 (harmless) to 10 (a danger to somebody). */
  severity: z.int().min(0).max(10),
});

/** One step reroutes at most so many reports: whatever their ids are, its event is below half a mebibyte. */
export const reroutedPerStepMax = 200;

/**
 * triage: reports were classified; another team captures them under their new reason. It has all of each report that the case
 * itself does not say, so that the `ReportRerouted` of each follows from this event alone.
 */
export const caseReportsRerouted = defineCaseEvent('CaseReportsRerouted', {
  reason: reasonWord,
  reports: z
    .array(
      z.strictObject({
        reportId: opaqueId,
        reporterId: opaqueId,
        matchId: opaqueId.exactOptional(),
        occurredAt: isoTime.exactOptional(),
        filedAt: isoTime,
        hasEvidence: z.boolean(),
        /** Oldest first: the reason first filed, then those of earlier reroutings. */
        priorReasons: z.array(reasonWord).min(1).max(priorReasonsMax),
      }),
    )
    .min(1)
    .max(reroutedPerStepMax, `must name at most ${reroutedPerStepMax} reports`),
});

export const caseEventDefinitions = [
  caseClaimed,
  caseClaimRenewed,
  caseReleased,
  caseHandedOver,
  caseHeld,
  caseResumed,
  caseNoted,
  caseEscalated,
  deadlineApproached,
  deadlineBreached,
  decisionProposed,
  decisionMade,
  decisionApproved,
  decisionRejected,
  decisionReverted,
  reportsCovered,
  appealOpened,
  appealRefused,
  appealDecided,
  caseAdopted,
  evidenceAssembled,
  messageReviewed,
  caseReportsRerouted,
] as const;

/** Any event of a case's stream, as it is published on the topic `cases`. */
export type CaseEvent = EventOf<(typeof caseEventDefinitions)[number]>;
export type Decision = Extract<CaseEvent, { type: 'DecisionMade' }>['data']['decision'];
export type Sanction = Decision['sanctions'][number];
