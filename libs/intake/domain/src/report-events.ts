import { deriveUuidv7, type IsoTime } from '@ringside/core';
import { createEvent, reportEvidenceFiled, reportFiled, type ReportEvidenceFiled, type ReportFiled } from '@ringside/events';
import type { ReportForm } from './report-form.js';

/** What intake adds to a form. The same filing gives the same events, ids included, so that filing again is recognised. */
export interface Filing {
  /** A UUIDv7 of `filedAt`. It is the id of the `ReportFiled` too. */
  readonly reportId: string;
  readonly filedAt: IsoTime;
  /** The region that took the form. */
  readonly region: string;
  /** The service that took it. */
  readonly source: string;
  /** Where the cases of whom it is about are worked. */
  readonly subjectHomeRegion: string;
}

/**
 * The events that a form becomes, in the order to append them: the evidence first, so that a report is never there without
 * the evidence that it speaks of, on whatever log.
 */
export function reportEvents(form: ReportForm, filing: Filing): readonly (ReportEvidenceFiled | ReportFiled)[] {
  const { reportId, filedAt, region, source, subjectHomeRegion } = filing;
  const evidence = evidenceOf(form);
  const filed = createEvent(reportFiled, {
    id: reportId,
    time: filedAt,
    region,
    source,
    correlationId: reportId,
    data: {
      reportId,
      game: form.game,
      reporterId: form.reporterId,
      subjectId: form.subjectId,
      subjectHomeRegion,
      reason: form.reason,
      ...(form.matchId !== undefined && { matchId: form.matchId }),
      ...(form.occurredAt !== undefined && { occurredAt: form.occurredAt }),
      filedAt,
      hasEvidence: evidence !== undefined,
    },
  });
  if (evidence === undefined) return [filed];
  const kept = createEvent(reportEvidenceFiled, {
    id: deriveUuidv7(reportId, 'evidence'),
    time: filedAt,
    region,
    source,
    correlationId: reportId,
    data: { reportId, game: form.game, subjectId: form.subjectId, reason: form.reason, filedAt, ...evidence },
  });
  return [kept, filed];
}

type Evidence = Pick<ReportEvidenceFiled['data'], 'description' | 'chat' | 'replayUrl' | 'clientBuild' | 'telemetry'>;

/** What came with the form; undefined where nothing did. */
function evidenceOf({ description, evidence }: ReportForm): Evidence | undefined {
  const { chat, ...others } = evidence ?? {};
  const given = {
    ...(description !== undefined && description.trim() !== '' && { description }),
    ...(chat !== undefined && chat.length > 0 && { chat }),
    ...others,
  };
  return Object.keys(given).length > 0 ? given : undefined;
}
