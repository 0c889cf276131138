import { CodedError } from '@ringside/core';
import type * as z from 'zod';

/**
 * Why bytes are not an event of the contract. The message names fields, never their content: it goes to logs and to people
 * who may not see what players wrote.
 */
export interface ContractViolation {
  readonly code: 'not_json' | 'invalid_envelope' | 'unknown_type' | 'unknown_version' | 'invalid_data' | 'upcast_failed';
  readonly message: string;
  /** JSON pointers of the fields at fault, where single fields are. */
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
  const pointers = [...new Set(issues.map(({ path }) => path.map((step) => `/${String(step)}`).join('')))];
  const named = issues.slice(0, faultsNamedMax).map(({ code, path }) => {
    const where = path.length === 0 ? 'the event' : path.map((step) => `/${String(step)}`).join('');
    return `${where} ${phrases[code] ?? 'is not what the contract asks for'}`;
  });
  const more = issues.length > faultsNamedMax ? `, and ${issues.length - faultsNamedMax} more faults` : '';
  return {
    code: issues.some(({ path }) => path[0] !== 'data') ? 'invalid_envelope' : 'invalid_data',
    message: `${name} is not valid: ${named.join(', ')}${more}.`,
    pointers,
  };
}
