import { jsonPointer } from '@ringside/core';
import type * as z from 'zod';

/** One fault of a form: where it is, as a JSON Pointer (RFC 6901), and what the field must be. */
export interface FormFault {
  readonly pointer: string;
  readonly detail: string;
}

/** Every fault that Zod found; each unknown field is one of its own. */
export function faultsOf({ issues }: z.ZodError): readonly FormFault[] {
  const ofWrongType = new Set(issues.filter(({ code }) => code === 'invalid_type').map(({ path }) => jsonPointer(path)));
  return issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({ pointer: jsonPointer([...issue.path, key]), detail: 'is not a known field' }));
    }
    const pointer = jsonPointer(issue.path);
    // An empty list in place of a text is too short as well, which nobody needs to hear.
    if (issue.code !== 'invalid_type' && ofWrongType.has(pointer)) return [];
    return [{ pointer, detail: detailOf(issue) }];
  });
}

/** Fields say themselves what they must be; containers are named here. */
function detailOf(issue: z.core.$ZodIssue): string {
  if (issue.code !== 'invalid_type') return issue.message;
  if (issue.expected === 'object') return 'must be an object';
  return issue.expected === 'array' ? 'must be a list' : issue.message;
}
