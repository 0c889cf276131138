import { CodedError, jsonPointer } from '@ringside/core';
import type * as z from 'zod';

/**
 * Why bytes are not an event of the contract. The message names fields, never their content: it goes to logs and to people
 * who may not see what players wrote.
 */
export interface ContractViolation {
  readonly code: 'not_json' | 'invalid_envelope' | 'unknown_type' | 'unknown_version' | 'invalid_data' | 'upcast_failed';
  readonly message: string;
  /** JSON pointers of the first fields at fault, at most five; none where the fault is not in a field. */
  readonly pointers: readonly string[];
}

/** The event that was to be encoded breaks the contract: a bug of its producer. */
export class InvalidEventError extends CodedError {
  readonly code = 'invalid_event';

  constructor(readonly violation: ContractViolation) {
    super(`The event was not encoded, for it breaks the contract: ${violation.message}`);
  }
}

const faultsNamedMax = 5;

/** Words of the schemas only: Zod's own messages repeat keys, and patterns, of what was parsed. */
const phrases: Partial<Record<z.core.$ZodIssue['code'], string>> = {
  invalid_type: 'is missing or of a wrong type',
  too_big: 'is too long or too large',
  too_small: 'is too short or too small',
  invalid_format: 'has a wrong format',
  invalid_value: 'is not the value that the contract fixes',
  unrecognized_keys: 'has fields that the contract does not know',
};

export function violationOf(name: string, { issues }: z.core.$ZodError): ContractViolation {
  const named = issues.slice(0, faultsNamedMax).map(({ code, path }) => ({
    pointer: jsonPointer(path),
    phrase: phrases[code] ?? 'is not what the contract asks for',
  }));
  const faults = named.map(({ pointer, phrase }) => `${pointer === '' ? 'the event' : pointer} ${phrase}`).join(', ');
  const more = issues.length > faultsNamedMax ? `, and ${issues.length - faultsNamedMax} more` : '';
  return {
    code: issues.some(({ path }) => path[0] !== 'data') ? 'invalid_envelope' : 'invalid_data',
    message: `${name} is not valid: ${faults}${more}.`,
    pointers: [...new Set(named.map(({ pointer }) => pointer))],
  };
}

/** What looks like the name of an event may be named; anything else is content. */
const typeShape = /^[A-Z][A-Za-z]{0,63}$/;

export const unknownType = (type: unknown): ContractViolation => ({
  code: 'unknown_type',
  message: `The contract has no event ${typeof type === 'string' && typeShape.test(type) ? type : 'of this type'}.`,
  pointers: ['/type'],
});

export const unknownVersion = (type: string, version: number, current: number): ContractViolation => ({
  code: 'unknown_version',
  message: `${type} has version ${version}; the contract knows versions 1 to ${current}. A newer one needs a newer service.`,
  pointers: ['/version'],
});
