import type { RowKey } from '@ringside/core';
import { checkRowKey, jsonText, valueBytesMax } from '@ringside/view-store';

/** More than a character's JSON text has in bytes: `\u0001`, or three of UTF-8. */
const characterBytesMax = 6;
/** A number, a word, or the marks around any of these. */
const scalarBytesMax = 32;

/**
 * Throws for a row that no view store takes: `RangeError` for names and values out of bounds, `TypeError` for a value
 * without JSON text. Called for every row of every event, so the text itself is made only of values that may be too large.
 */
export function checkStorable(row: RowKey, value?: object): void {
  checkRowKey(row);
  if (value !== undefined && !(textBytesAtMost(value) <= valueBytesMax)) jsonText('value', value);
}

/** An upper bound of a value's JSON text, in bytes; not a number for what is no JSON. */
function textBytesAtMost(value: unknown): number {
  if (typeof value === 'string') return characterBytesMax * value.length + scalarBytesMax;
  if (typeof value === 'number' || typeof value === 'boolean' || value === null || value === undefined) return scalarBytesMax;
  if (typeof value !== 'object') return NaN;
  let sum = scalarBytesMax;
  if (Array.isArray(value)) for (const one of value) sum += textBytesAtMost(one);
  else
    for (const name in value)
      sum += characterBytesMax * name.length + textBytesAtMost((value as Record<string, unknown>)[name]);
  return sum;
}
