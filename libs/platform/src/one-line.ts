import { Matches } from 'class-validator';

/** The JSON Schema of a text on one line, of 1 to so many characters; for readers of patterns that know no `\p`. */
export const oneLineSchema = (charactersMax: number) => ({
  type: 'string' as const,
  minLength: 1,
  maxLength: charactersMax,
  pattern: '^[^\\u0000-\\u001f\\u007f-\\u009f\\ud800-\\udfff]*$',
});

/** Checks what `oneLineSchema` says: of a field; with `each`, of every item of a list. */
export function OneLine(charactersMax: number, { each = false }: { readonly each?: boolean } = {}): PropertyDecorator {
  const pattern = new RegExp(`^[^\\p{Cc}\\p{Cs}]{1,${charactersMax}}$`, 'u');
  const message = each
    ? `must have 1 to ${charactersMax} characters each, without control characters`
    : `must be 1 to ${charactersMax} characters without control characters`;
  return Matches(pattern, { each, message });
}
