import type { Result } from '@ringside/core';

/**
 * What a decider has to say to each command in each state: `{ command: { outcome: 'state state ...' } }`. An outcome is the types
 * of the events, `nothing`, or the code of a refusal.
 */
export type DeciderTable = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** The outcome in a word, as a {@link DeciderTable} has it. */
export function outcomeOf(result: Result<readonly { readonly type: string }[], { readonly code: string }>): string {
  if (!result.ok) return result.error.code;
  return result.value.map(({ type }) => type).join(' + ') || 'nothing';
}

/** Every pair of the table, with what is expected of it. */
export const pairsOf = (table: DeciderTable): readonly { state: string; command: string; expected: string }[] =>
  Object.entries(table).flatMap(([command, outcomes]) =>
    Object.entries(outcomes).flatMap(([expected, states]) => states.split(' ').map((state) => ({ state, command, expected }))),
  );
