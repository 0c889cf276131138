import { err } from '@ringside/core';
import { caseTextCharactersMax, freeText, opaqueId, policyClause } from '@ringside/events';

import type { Refusal } from './case-command.js';

/** A refusal by itself: a check answers with one, or with undefined where nothing is wrong. */
export const refusal = (code: Refusal['code'], detail: string, pointer?: string): Refusal =>
  pointer === undefined ? { code, detail } : { code, detail, pointer };

export const refuse = (code: Refusal['code'], detail: string, pointer?: string) => err(refusal(code, detail, pointer));

const text = freeText(caseTextCharactersMax);

/** What is wrong with something that a case worker wrote. `missing` says what it is for. */
export function faultOfText(value: string, field: string, missing: string): Refusal | undefined {
  if (value.trim() === '') return refusal('invalid', missing, `/${field}`);
  const { error } = text.safeParse(value);
  return error && refusal('invalid', `${sentenceCase(field)} ${error.issues[0]!.message}.`, `/${field}`);
}

export function faultOfId(value: string, field: string): Refusal | undefined {
  const { error } = opaqueId.safeParse(value);
  return error && refusal('invalid', `${sentenceCase(field)} ${error.issues[0]!.message}.`, `/${field}`);
}

/** Any name of a clause can be taken: the team's policy may know more of it, or not. */
export function faultOfClauseName(value: string): Refusal | undefined {
  const { error } = policyClause.safeParse(value);
  return error && refusal('invalid', `Clause ${error.issues[0]!.message}.`, '/clause');
}

const sentenceCase = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
