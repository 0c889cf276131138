import { err, ok, type Result } from '@ringside/core';
import {
  chatLine,
  chatLinesMax,
  descriptionCharactersMax,
  freeText,
  isoTime,
  opaqueId,
  reportReasons,
  webUrl,
  type ReportReason,
} from '@ringside/events';
import * as z from 'zod';
import { faultsOf, type FormFault } from './form-fault.js';
import { telemetry } from './telemetry.js';

/** How far ahead of ours a player's clock may be, in ms: a day, for clocks that are set to another time zone. */
export const aheadMsMax = 24 * 60 * 60 * 1000;

const words = reportReasons.map(({ reason }) => reason) as [ReportReason, ...ReportReason[]];

const reason = z.enum(words, {
  error: ({ input }) => (input === undefined ? 'is required' : `must be one of ${words.join(', ')}`),
});

const game = z
  .string({ error: ({ input }) => (input === undefined ? 'is required' : 'must be a string') })
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
    'must be the id of a game: 1 to 64 letters, digits, dots, hyphens and underscores',
  );

/** The report form, as the dialog and the game servers send it. The one contract of it: type, validator and JSON Schema. */
const reportForm = z.strictObject({
  game,
  reporterId: opaqueId,
  subjectId: opaqueId,
  reason,
  matchId: opaqueId.exactOptional(),
  description: freeText(descriptionCharactersMax).exactOptional(),
  occurredAt: isoTime.exactOptional(),
  evidence: z
    .strictObject({
      chat: z.array(chatLine).max(chatLinesMax, `must have at most ${chatLinesMax} lines`).exactOptional(),
      replayUrl: webUrl.exactOptional(),
      clientBuild: opaqueId.exactOptional(),
      telemetry: telemetry.exactOptional(),
    })
    .exactOptional(),
});

export type ReportForm = z.infer<typeof reportForm>;

const compiled = z.compile(reportForm);

/** Reads a form out of parsed JSON: the form, or all its faults at once. `nowMs` is the time of its arrival. */
export function readReportForm(body: unknown, nowMs: number): Result<ReportForm, readonly FormFault[]> {
  const read = compiled.safeParse(body);
  const found = read.success ? [] : faultsOf(read.error);
  // Rules over several fields hold for what is broken elsewhere too: whoever mends a form wants to do it once.
  const ruled = ruleFaults(body, nowMs).filter(({ pointer }) => !found.some((fault) => fault.pointer === pointer));
  if (read.success && ruled.length === 0) return ok(read.data);
  return err([...found, ...ruled]);
}

const wordsWithDescription: ReadonlySet<unknown> = new Set(
  reportReasons.filter(({ needsDescription }) => needsDescription).map((option) => option.reason),
);

function ruleFaults(body: unknown, nowMs: number): readonly FormFault[] {
  if (typeof body !== 'object' || body === null) return [];
  const { reason: given, description, occurredAt } = body as Readonly<Record<string, unknown>>;
  const faults: FormFault[] = [];
  if (wordsWithDescription.has(given) && (description === undefined || isBlank(description))) {
    faults.push({ pointer: '/description', detail: `is required with the reason ${String(given)}` });
  }
  if (typeof occurredAt === 'string' && Date.parse(occurredAt) > nowMs + aheadMsMax) {
    faults.push({ pointer: '/occurredAt', detail: 'must not lie in the future' });
  }
  return faults;
}

const isBlank = (value: unknown): boolean => typeof value === 'string' && value.trim() === '';

/** Nobody reports themselves: a form that is valid and still cannot be taken. */
export const isAboutReporter = (form: ReportForm): boolean => form.reporterId === form.subjectId;

/** Unicode classes written out, for readers of JSON Schema that know no `\p`. */
const plain = (pattern: string): string =>
  pattern.replaceAll('\\p{Cc}', '\\u0000-\\u001f\\u007f-\\u009f').replaceAll('\\p{Cs}', '\\ud800-\\udfff');

/** The form's JSON Schema (draft 2020-12), for the documentation. */
export const reportFormSchema = (): Readonly<Record<string, unknown>> => ({
  ...jsonSchemaOf(reportForm),
  if: { required: ['reason'], properties: { reason: { enum: [...wordsWithDescription] } } },
  then: { required: ['description'], properties: { description: { pattern: '[^\\s\\ufeff]' } } },
});

/** The JSON Schema of a form, for OpenAPI. */
export function jsonSchemaOf(form: z.ZodType): Readonly<Record<string, unknown>> {
  const { $schema: _, ...schema } = z.toJSONSchema(form, {
    unrepresentable: 'any',
    override: ({ jsonSchema }) => {
      if (jsonSchema.pattern !== undefined) jsonSchema.pattern = plain(jsonSchema.pattern);
    },
  });
  return schema;
}
