import * as z from 'zod';
import { defineEvent, firstVersion, type EventOf } from '../define-event.js';
import { isoTime, opaqueId, regionName } from '../fields.js';
import { reportsTopic } from '../topics.js';
import { teamName } from './case-step.js';
import { reportIds, verdict } from './decision.js';

/** What became of a decision. Only `in_effect` covers its reports. */
export const decisionStates = ['proposed', 'in_effect', 'rejected', 'reverted', 'overturned'] as const;
export type DecisionState = (typeof decisionStates)[number];

const v1 = z.strictObject({
  caseId: opaqueId,
  team: teamName,
  game: opaqueId,
  subjectId: opaqueId,
  homeRegion: regionName,
  /** The step of the case after which it stands so. */
  caseVersion: z.int().min(1),
  claim: z.strictObject({ by: opaqueId, until: isoTime }).nullable(),
  /** When somebody last took the case on or renewed the claim: reports filed later are not acknowledged yet. Null before. */
  acknowledgedAt: isoTime.nullable(),
  /** Since when the clock of the case stands still; null while it goes. */
  heldSince: isoTime.nullable(),
  /** How long it stood still before that, since a decision last took effect, in ms. */
  pausedMs: z.int().min(0),
  escalated: z.boolean(),
  /** The decision that this step made or changed, and the reports of this step that it is about. */
  decision: z
    .strictObject({
      decisionId: opaqueId,
      state: z.enum(decisionStates),
      verdict,
      /** Whether it imposes anything. Not what. */
      sanctioned: z.boolean(),
      decidedBy: opaqueId,
      decidedAt: isoTime,
      reportIds,
      appeal: z.enum(['none', 'open', 'decided']),
    })
    .exactOptional(),
});

const v2 = z.strictObject({
  ...v1.shape,
  /** The step that the term of this one goes on from, 0 for none; absent in term 0. Steps behind it of earlier terms have no effect. */
  basedOn: z.int().min(0).exactOptional(),
});

/**
 * How a case stands after a step of its team: all of it, so that the one with the highest `caseVersion` tells. It has neither
 * notes nor facts nor sanctions, and is on the topic of the reports, under the same key, so that a case's list entry and a
 * report's status are made of one ordered sequence.
 */
export const caseProgressed = defineEvent({
  type: 'CaseProgressed',
  topic: reportsTopic,
  stream: ({ caseId }) => `case-progress-${caseId}`,
  sequence: ({ caseVersion }) => caseVersion,
  versions: firstVersion({ data: v1, key: 'subjectId' }).next({ data: v2, key: 'subjectId', upcast: (before) => before }),
});

export type CaseProgressed = EventOf<typeof caseProgressed>;
