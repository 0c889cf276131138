import * as z from 'zod';
import { defineEvent, firstVersion, type EventOf } from './define-event.js';
import { isoTime, reasonWord, serviceName } from './fields.js';
import { reportFiledV2 } from './report-filed.js';
import { reportsTopic } from './topics.js';

export const priorReasonsMax = 16;

/** The report with its new `reason`, and how it came to it. */
const v1 = z.strictObject({
  ...reportFiledV2.shape,
  priorReasons: z.array(reasonWord).min(1).max(priorReasonsMax),
  reroutedAt: isoTime,
  reroutedBy: serviceName,
});

/**
 * A triager handed a report to another team by giving it another reason. It carries the whole report, so that a team captures
 * it as if it had been filed so. `priorReasons` is oldest first: the reason first filed, then those of earlier reroutings; the
 * longer it is, the later the rerouting. `reroutedBy` is a team, never a person.
 */
export const reportRerouted = defineEvent({
  type: 'ReportRerouted',
  topic: reportsTopic,
  stream: ({ reportId }) => `report-${reportId}`,
  sequence: ({ priorReasons }) => priorReasons.length + 1,
  versions: firstVersion({ data: v1, key: 'subjectId' }),
});

export type ReportRerouted = EventOf<typeof reportRerouted>;
