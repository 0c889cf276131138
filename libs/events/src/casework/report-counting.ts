import * as z from 'zod';
import { defineEvent, firstVersion, type EventOf } from '../define-event.js';
import { isoTime, opaqueId, reasonWord } from '../fields.js';
import { reportersTopic, reportsTopic } from '../topics.js';
import { teamName } from './case-step.js';

const ofCase = { caseId: opaqueId, team: teamName, game: opaqueId, subjectId: opaqueId };

/** How far a reporter is believed, in hundredths: 100 is one of whom nothing is known. */
export const credibilityMin = 10;
export const credibilityMax = 150;
const credibility = z.int().min(credibilityMin).max(credibilityMax);

const weighedV1 = z.strictObject({
  ...ofCase,
  /** Rises with each weighing of the same factor of one case; the highest tells. */
  revision: z.int().min(1),
  /** How far one of its reporters is believed; absent where this is about strikes. */
  reporter: z.strictObject({ reporterId: opaqueId, credibility }).exactOptional(),
  /** Strikes of the subject that count at the time, over all teams; absent where this is about a reporter. */
  priorStrikes: z.int().min(0).exactOptional(),
});

/** What a case's priority depends on and other players' histories decide: how credible its reporters are, and prior strikes. */
export const caseWeighed = defineEvent({
  type: 'CaseWeighed',
  topic: reportsTopic,
  stream: ({ caseId }) => `case-weight-${caseId}`,
  sequence: ({ revision }) => revision,
  versions: firstVersion({ data: weighedV1, key: 'subjectId' }),
});
export type CaseWeighed = EventOf<typeof caseWeighed>;

const suppressedV1 = z.strictObject({
  ...ofCase,
  reportId: opaqueId,
  /** Why the report stays on file and out of the count. */
  because: z.enum(['daily_limit', 'reporter_suppressed']),
  /** False where this is no reason any longer: the report counts again, unless there is another one. */
  suppressed: z.boolean(),
  /** Rises with each change for the same reason; the highest tells. */
  revision: z.int().min(1),
});

/** A report counts no longer for a team, or counts again. */
export const reportSuppressed = defineEvent({
  type: 'ReportSuppressed',
  topic: reportsTopic,
  stream: ({ team, reportId, because }) => `report-${because}-${team}-${reportId}`,
  sequence: ({ revision }) => revision,
  versions: firstVersion({ data: suppressedV1, key: 'subjectId' }),
});
export type ReportSuppressed = EventOf<typeof reportSuppressed>;

const reporterV1 = z.strictObject({
  reporterId: opaqueId,
  team: teamName,
  /** Rises with each change of one reporter's standing with one team; the highest tells. */
  revision: z.int().min(1),
  standing: z.enum(['good', 'warned', 'suppressed']),
  /** Since when the reporter stands so; null in good standing. */
  since: isoTime.nullable(),
  /** Until when reports count no longer; null unless suppressed. */
  until: isoTime.nullable(),
  /** Of the reports looked at, how many were decided, and how many of these turned out unfounded. */
  decided: z.int().min(0),
  unfounded: z.int().min(0),
  /** By reason, where it is not neutral. It moves the priority of cases, never a verdict. */
  credibility: z.record(reasonWord, credibility),
  /** Who said so: `system`, or the lead who restored the standing. */
  by: opaqueId,
});

/** A reporter whose reports are mostly unfounded is warned, then not counted for a time; either is taken back. */
export const reporterStandingChanged = defineEvent({
  type: 'ReporterStandingChanged',
  topic: reportersTopic,
  stream: ({ team, reporterId }) => `reporter-${team}-${reporterId}`,
  sequence: ({ revision }) => revision,
  versions: firstVersion({ data: reporterV1, key: 'reporterId' }),
});
export type ReporterStandingChanged = EventOf<typeof reporterStandingChanged>;
