import type { Attachment } from '@ringside/casework';
import type { RoutedReport } from '@ringside/triage-domain';

/** A report's row in the views. Older generations of them say how a report began, and not what it was in between. */
export type AttachmentOfAnyGeneration = Omit<Attachment, 'priorReasons'> & Partial<Pick<Attachment, 'priorReasons'>>;

/** The report as a rerouting names it: with all reasons that it had so far, of which the last one counts now. */
export function routedReport(report: AttachmentOfAnyGeneration): RoutedReport {
  const { reportId, reporterId, matchId, occurredAt, filedAt, hasEvidence, reason } = report;
  return {
    ...{ reportId, reporterId },
    ...(matchId === null ? {} : { matchId }),
    ...(occurredAt === null ? {} : { occurredAt }),
    ...{ filedAt, hasEvidence, priorReasons: [...priorReasonsOf(report), reason] },
  };
}

/** As many as there were reroutings, for the longest history wins wherever it is heard of: the first reason stands for the unknown. */
const priorReasonsOf = ({ priorReasons, reroutings, firstReason }: AttachmentOfAnyGeneration): readonly string[] =>
  priorReasons ?? Array.from({ length: reroutings }, () => firstReason);
