import { CodedError } from '@ringside/core';
import { opaqueId } from '@ringside/events';

/** What is to go into the record as who did it cannot: nothing is done in that name. */
export class InvalidOperatorError extends CodedError {
  readonly code = 'invalid_operator';
}

/** Throws {@link InvalidOperatorError}, before anything is done that would then not be on record. */
export function mustBeOperator(by: string): void {
  if (opaqueId.safeParse(by).success) return;
  throw new InvalidOperatorError(
    'Who does it goes into the record: 1 to 128 characters on one line, none of them a control character.',
  );
}
