import { appealableUntil } from '@ringside/casework';
import { deriveUuidv7, err, ok, type IsoTime, type Result } from '@ringside/core';
import { appealFiled, caseTextCharactersMax, createEvent, freeText, opaqueId, type AppealFiled } from '@ringside/events';
import * as z from 'zod';
import type { KnownDecision } from './case-standings.js';
import { faultsOf, type FormFault } from './form-fault.js';
import { jsonSchemaOf } from './report-form.js';

/** What a player says against a decision. */
const appealForm = z.strictObject({
  playerId: opaqueId,
  decisionId: opaqueId,
  statement: freeText(caseTextCharactersMax)
    .refine((text) => text.trim() !== '', 'must say why the decision is wrong')
    .meta({ minLength: 1 }),
});

export type AppealForm = z.infer<typeof appealForm>;

export function readAppealForm(body: unknown): Result<AppealForm, readonly FormFault[]> {
  const read = appealForm.safeParse(body);
  return read.success ? ok(read.data) : err(faultsOf(read.error));
}

/** The form as JSON Schema, for OpenAPI. */
export const appealFormSchema = (): Readonly<Record<string, unknown>> => jsonSchemaOf(appealForm);

export type AppealRefusal = 'unknown' | 'already_open' | 'already_decided' | 'not_in_effect' | 'too_late';

/** Why an appeal is not taken, as far as is known here; the team whose decision it is has the last word. */
export function whyNotAppealable(
  decision: KnownDecision | undefined,
  { playerId }: Pick<AppealForm, 'playerId'>,
  at: IsoTime,
): AppealRefusal | undefined {
  // Whose decision it is concerns nobody else: to others there is none.
  if (decision === undefined || decision.subjectId !== playerId) return 'unknown';
  if (decision.appeal === 'open') return 'already_open';
  if (decision.appeal === 'decided') return 'already_decided';
  if (decision.state !== 'in_effect' || decision.effectiveAt === null) return 'not_in_effect';
  return at > appealableUntil(decision.effectiveAt) ? 'too_late' : undefined;
}

export interface AppealFiling {
  readonly appealId: string;
  readonly filedAt: IsoTime;
  readonly region: string;
  readonly source: string;
}

/** The same filing gives the same event, its id included. */
export const appealEvent = (form: AppealForm, { appealId, filedAt, region, source }: AppealFiling): AppealFiled =>
  createEvent(appealFiled, {
    data: { appealId, ...form, filedAt },
    id: deriveUuidv7(appealId, 'AppealFiled'),
    time: filedAt,
    region,
    source,
  });
