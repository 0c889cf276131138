import { deriveUuidv7 } from '@ringside/core';
import { createEvent, reportEvidenceFiled, type ReportEvidenceFiled, type RingsideEvent } from '@ringside/events';

import { triageRules } from './triage-rules.js';

/** Whether a report, and with it its evidence, has gone from triage to a team that owns the reason. */
export const isHandedOver = (firstReason: string, reason: string): boolean =>
  triageRules.captures(firstReason) && !triageRules.captures(reason);

export interface HandOver {
  readonly evidence: ReportEvidenceFiled['data'];
  /** The reason that a triager gave the report. */
  readonly reason: string;
  /** The event that led to it. */
  readonly cause: RingsideEvent;
  readonly region: string;
  readonly source: string;
}

/**
 * The evidence of a report, filed again under its new reason, in the region where it lies: the team that the report was
 * handed to captures it as if it had been filed so. The same hand-over gives the same event id, whatever led to it.
 */
export const handOverEvidence = ({ evidence, reason, cause, region, source }: HandOver): ReportEvidenceFiled =>
  createEvent(reportEvidenceFiled, {
    data: { ...evidence, reason },
    id: deriveUuidv7(evidence.reportId, `evidence/${reason}`),
    time: cause.time,
    region,
    source,
    correlationId: cause.correlationId,
    causationId: cause.id,
  });
