import * as z from 'zod';
import { defineEvent, firstVersion, type EventOf } from './define-event.js';
import { freeText, isoTime, jsonObject, opaqueId, reasonWord, webUrl } from './fields.js';
import { personal } from './personal.js';
import { reportEvidenceTopic } from './topics.js';

export const descriptionCharactersMax = 2000;
export const chatLinesMax = 200;
export const chatLineCharactersMax = 500;

export const chatLine = z.strictObject({ at: isoTime, playerId: opaqueId, text: freeText(chatLineCharactersMax) });

const v1 = z.strictObject({
  reportId: opaqueId,
  game: opaqueId,
  subjectId: opaqueId,
  reason: reasonWord,
  filedAt: isoTime,
  description: personal(freeText(descriptionCharactersMax).exactOptional()),
  chat: personal(z.array(chatLine).max(chatLinesMax, `must have at most ${chatLinesMax} lines`).exactOptional()),
  replayUrl: personal(webUrl.exactOptional()),
  clientBuild: opaqueId.exactOptional(),
  telemetry: personal(jsonObject.exactOptional()),
});

/** What came with a report: words, chat, recordings. Kept in the region where it was filed. */
export const reportEvidenceFiled = defineEvent({
  type: 'ReportEvidenceFiled',
  topic: reportEvidenceTopic,
  // A stream of its own: in the report's, ReportFiled is the first event.
  stream: ({ reportId }) => `report-evidence-${reportId}`,
  sequence: () => 1,
  versions: firstVersion({ data: v1, key: 'subjectId' }),
});

export type ReportEvidenceFiled = EventOf<typeof reportEvidenceFiled>;
