import * as z from 'zod';
import { defineEvent, firstVersion, type EventOf } from '../define-event.js';
import { isoTime, opaqueId } from '../fields.js';
import { reportersTopic, reportsTopic } from '../topics.js';
import { teamName } from './case-step.js';

const ofCase = { caseId: opaqueId, team: teamName, game: opaqueId, subjectId: opaqueId };

const weighedV1 = z.strictObject({
  ...ofCase,
  /** Rises with each weighing of one case. */
  weighing: z.int().min(1),
  /** Sum over the case's reporters of how far each is believed: 1 for one of whom nothing is known. */
  credibleReporters: z.number().min(0),
  /** Strikes of the subject that count at the time. */
  priorStrikes: z.int().min(0),
});

/** What a case's priority depends on and other players' histories decide: how credible its reporters are, and prior strikes. */
export const caseWeighed = defineEvent({
  type: 'CaseWeighed',
  topic: reportsTopic,
  stream: ({ caseId }) => `case-weight-${caseId}`,
  sequence: ({ weighing }) => weighing,
  versions: firstVersion({ data: weighedV1, key: 'subjectId' }),
});
export type CaseWeighed = EventOf<typeof caseWeighed>;

const suppressedV1 = z.strictObject({
  ...ofCase,
  reportId: opaqueId,
  /** 1 for the first time that this team said so of this report; the highest tells. */
  revision: z.int().min(1),
  /** Why the report stays on file and out of the count; null where it counts again. */
  because: z.enum(['daily_limit', 'reporter_suppressed']).nullable(),
});

/** A report counts no longer for a team, or counts again. */
export const reportSuppressed = defineEvent({
  type: 'ReportSuppressed',
  topic: reportsTopic,
  stream: ({ team, reportId }) => `report-count-${team}-${reportId}`,
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
  /** Until when reports count no longer; null unless suppressed. */
  until: isoTime.nullable(),
  /** Of the reports looked at, how many were decided, and how many of these turned out unfounded. */
  decided: z.int().min(0),
  unfounded: z.int().min(0),
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
