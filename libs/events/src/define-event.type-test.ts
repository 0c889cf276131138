/** What must not compile. Checked by `tsc -p tsconfig.spec.json`: an expectation that no error meets is an error itself. */
import * as z from 'zod';
import { createEvent } from './create-event.js';
import { defineEvent, firstVersion } from './define-event.js';
import { freeText, opaqueId } from './fields.js';
import { personal } from './personal.js';
import { reportFiled, type ReportFiled } from './report-filed.js';
import type { RingsideEvent } from './contract.js';
import { reportEvidenceTopic, reportsTopic } from './topics.js';

const stream = () => 'stream';
const sequence = () => 1;
const pseudonymous = z.strictObject({ subjectId: opaqueId });
const withNote = z.strictObject({ subjectId: opaqueId, note: personal(freeText(80)) });
const withOptionalNote = z.strictObject({ subjectId: opaqueId, note: personal(freeText(80)).exactOptional() });
const withOptionalPersonalNote = z.strictObject({ subjectId: opaqueId, note: personal(freeText(80).optional()) });
const withNotes = z.strictObject({ subjectId: opaqueId, notes: z.array(z.strictObject({ note: personal(freeText(80)) })) });

const global = { type: 'Global', topic: reportsTopic, stream, sequence } as const;
const regional = { type: 'Regional', topic: reportEvidenceTopic, stream, sequence } as const;

defineEvent({ ...global, versions: firstVersion({ data: pseudonymous, key: 'subjectId' }) });
defineEvent({ ...regional, versions: firstVersion({ data: withNote, key: 'subjectId' }) });
defineEvent({ ...regional, versions: firstVersion({ data: withNotes, key: 'subjectId' }) });

// @ts-expect-error A global event has no personal field,
defineEvent({ ...global, versions: firstVersion({ data: withNote, key: 'subjectId' }) });
// @ts-expect-error nor an optional one,
defineEvent({ ...global, versions: firstVersion({ data: withOptionalNote, key: 'subjectId' }) });
// @ts-expect-error wherever the mark lies,
defineEvent({ ...global, versions: firstVersion({ data: withOptionalPersonalNote, key: 'subjectId' }) });
// @ts-expect-error nor within a list of objects,
defineEvent({ ...global, versions: firstVersion({ data: withNotes, key: 'subjectId' }) });

const dropNote = firstVersion({ data: withNote, key: 'subjectId' }).next({
  data: pseudonymous,
  key: 'subjectId',
  upcast: ({ subjectId }) => ({ subjectId }),
});
defineEvent({ ...regional, versions: dropNote });
// @ts-expect-error nor in an older version: the log still holds its events.
defineEvent({ ...global, versions: dropNote });

// @ts-expect-error The key is a field of the data,
firstVersion({ data: pseudonymous, key: 'reporterId' });
// @ts-expect-error and a string.
firstVersion({ data: z.strictObject({ subjectId: opaqueId, count: z.int() }), key: 'count' });
// @ts-expect-error A new version has an upcaster,
firstVersion({ data: pseudonymous, key: 'subjectId' }).next({ data: withNote, key: 'subjectId' });
// @ts-expect-error which makes what the new version asks for.
firstVersion({ data: pseudonymous, key: 'subjectId' }).next({ data: withNote, key: 'subjectId', upcast: (data) => data });

export function narrowing(event: RingsideEvent): string {
  // @ts-expect-error Only evidence has a description.
  void event.data.description;
  if (event.type === 'ReportEvidenceFiled') return event.data.description ?? '';
  if (event.type === 'ReportRerouted') return event.data.priorReasons.join();
  if (event.type !== 'ReportFiled') return '';
  // @ts-expect-error Data of the current version has no reportedId.
  void event.data.reportedId;
  return event.data.subjectId;
}

export function reading(event: ReportFiled): void {
  // @ts-expect-error What was decoded is not to be changed.
  event.data.reason = 'spam';
}

// @ts-expect-error An event is created with all of its data.
createEvent(reportFiled, { data: { reportId: 'r' }, time: '2026-01-31T12:00:00.000Z', region: 'eu', source: 'report-intake' });
