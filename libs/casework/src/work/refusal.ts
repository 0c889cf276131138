import { err, visibleText } from '@ringside/core';
import { caseTextCharactersMax, freeText, opaqueId, policyClause } from '@ringside/events';

import type { Refusal } from './case-command.js';

/** A refusal by itself: a check answers with one, or with undefined where nothing is wrong. */
export const refusal = (code: Refusal['code'], detail: string, pointer?: string): Refusal =>
  pointer === undefined ? { code, detail } : { code, detail, pointer };

export const refuse = (code: Refusal['code'], detail: string, pointer?: string) => err(refusal(code, detail, pointer));

/** One refusal for all that is wrong; undefined where nothing is. */
export function oneOfAll(faults: readonly Refusal[]): Refusal | undefined {
  const [first] = faults;
  if (first === undefined || faults.length === 1) return first;
  return {
    ...first,
    detail: faults.map(({ detail }) => detail).join(' '),
    faults: faults.map(({ pointer = '', detail }) => ({ pointer, detail })),
  };
}

const text = freeText(caseTextCharactersMax);

/** What is wrong with something that a case worker wrote. `missing` says what it is for. */
export function faultOfText(value: string, field: string, missing: string): Refusal | undefined {
  if (!visibleText.test(value)) return refusal('invalid', missing, `/${field}`);
  const { error } = text.safeParse(value);
  return error && refusal('invalid', `${sentenceCase(field)} ${error.issues[0]!.message}.`, `/${field}`);
}

/** What is wrong with the name of a person that somebody wrote: what nobody could tell from another name is none. */
export function faultOfName(value: string, field: string): Refusal | undefined {
  const { error } = opaqueId.safeParse(value);
  if (error) return refusal('invalid', `${sentenceCase(field)} ${error.issues[0]!.message}.`, `/${field}`);
  if (visibleText.test(value) && value === value.trim()) return undefined;
  return refusal('invalid', `${sentenceCase(field)} must be a name that can be seen, without spaces around it.`, `/${field}`);
}

/** Any name of a clause can be taken: the team's policy may know more of it, or not. */
export function faultOfClauseName(value: string): Refusal | undefined {
  const { error } = policyClause.safeParse(value);
  if (error) return refusal('invalid', `Clause ${error.issues[0]!.message}.`, '/clause');
  return visibleText.test(value) ? undefined : refusal('invalid', 'Name the clause.', '/clause');
}

const sentenceCase = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
