import { jsonObject } from '@ringside/events';

const control = /[^\P{Cc}\t\n]/u;

/**
 * What a game's client measured: any JSON object that can be stored, its words without control characters, as everywhere in the
 * form. The event's contract takes them: it was published before this rule was made, and what it took must stay readable.
 */
export const telemetry = jsonObject
  .refine((value) => !hasControlCharacters(value), 'must not contain control characters other than newline and tab')
  .meta({ type: 'object' });

/** Without recursion, as what is too deep is told by the same pass. */
function hasControlCharacters(root: unknown): boolean {
  const pending: unknown[] = [root];
  while (pending.length > 0) {
    const value = pending.pop();
    if (typeof value === 'string' && control.test(value)) return true;
    if (typeof value !== 'object' || value === null) continue;
    for (const [key, member] of Object.entries(value)) pending.push(key, member);
  }
  return false;
}
