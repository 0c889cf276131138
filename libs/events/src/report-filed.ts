import { isoTime as isoTimeOf } from '@ringside/core';
import * as z from 'zod';
import { defineEvent, firstVersion, type EventOf } from './define-event.js';
import { isoTime, opaqueId, reasonWord, regionName } from './fields.js';
import { reportsTopic } from './topics.js';

/** The last moment that four digits of a year can name. */
const epochMsMax = Date.UTC(9999, 11, 31, 23, 59, 59, 999);
const epochMs = z.int().min(0).max(epochMsMax);

/** Version 1 comes from when Ringside ran in one region and kept no evidence. */
const v1 = z.strictObject({
  reportId: opaqueId,
  game: opaqueId,
  reporterId: opaqueId,
  reportedId: opaqueId,
  reason: reasonWord,
  matchId: opaqueId.exactOptional(),
  occurredAt: epochMs.exactOptional(),
  filedAt: epochMs,
});

export const reportFiledV2 = z.strictObject({
  reportId: opaqueId,
  game: opaqueId,
  reporterId: opaqueId,
  subjectId: opaqueId,
  subjectHomeRegion: regionName,
  reason: reasonWord,
  matchId: opaqueId.exactOptional(),
  occurredAt: isoTime.exactOptional(),
  filedAt: isoTime,
  hasEvidence: z.boolean(),
});

/** A player filed a report. Pseudonymous: what was written or attached is in {@link reportEvidenceFiled}, which stays at home. */
export const reportFiled = defineEvent({
  type: 'ReportFiled',
  topic: reportsTopic,
  stream: ({ reportId }) => `report-${reportId}`,
  sequence: () => 1,
  versions: firstVersion({ data: v1, key: 'reportedId' }).next({
    data: reportFiledV2,
    key: 'subjectId',
    upcast: ({ reportedId, occurredAt, filedAt, ...same }, { region }) => ({
      ...same,
      subjectId: reportedId,
      // There was one region then, so the one that wrote the event is the subject's home too.
      subjectHomeRegion: region,
      ...(occurredAt === undefined ? {} : { occurredAt: isoTimeOf(occurredAt) }),
      filedAt: isoTimeOf(filedAt),
      // Not a guess: ReportEvidenceFiled came with version 2, so no report of version 1 has any.
      hasEvidence: false,
    }),
  }),
});

export type ReportFiled = EventOf<typeof reportFiled>;
