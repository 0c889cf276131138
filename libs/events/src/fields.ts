import type { JsonObject } from '@ringside/core';
import * as z from 'zod';
import { faultOfJsonObject } from './json-object.js';

export const opaqueIdCharactersMax = 128;
export const webUrlCharactersMax = 2048;

/** No control character; a surrogate half on its own is none either: it has no UTF-8 form, so it would not survive storage. */
const oneLine = /^[^\p{Cc}\p{Cs}]*$/u;
const severalLines = /^(?:[^\p{Cc}\p{Cs}]|[\t\n])*$/u;

const text = z.string({ error: ({ input }) => (input === undefined ? 'is required' : 'must be a string') });

/** One line of 1 to `charactersMax` characters (UTF-16 units, as browsers count them). */
export const line = (charactersMax: number) =>
  text
    .min(1, 'must not be empty')
    .max(charactersMax, `must have at most ${charactersMax} characters`)
    .regex(oneLine, 'must not contain control characters or broken Unicode');

/** An id that somebody else made: compared, stored and shown, never interpreted. 1 to 128 characters on one line. */
export const opaqueId = line(opaqueIdCharactersMax);

/** What a person wrote: at most `charactersMax` characters (UTF-16 units), with newlines and tabs. May be empty. */
export const freeText = (charactersMax: number) =>
  text
    .max(charactersMax, `must have at most ${charactersMax} characters`)
    .regex(severalLines, 'must not contain control characters other than newline and tab, nor broken Unicode');

/** Any month may have 31 days here, so that the published pattern can be read: the schema itself asks the calendar. */
const utcTime = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/;
const utcTimeMessage = 'must be a UTC time with milliseconds, such as 2026-01-31T12:00:00.000Z';

const monthsOf31Days: ReadonlySet<number> = new Set([1, 3, 5, 7, 8, 10, 12]);

/** The number that two digits make. */
const digitsOf = (text: string, at: number): number => (text.charCodeAt(at) - 48) * 10 + text.charCodeAt(at + 1) - 48;

/** Worked out and not asked of `Date`, which would be a good part of what it takes to check an event. */
function isInCalendar(time: string): boolean {
  const day = digitsOf(time, 8);
  if (day <= 28) return true;
  const month = digitsOf(time, 5);
  if (month !== 2) return day <= 30 || monthsOf31Days.has(month);
  const year = digitsOf(time, 0) * 100 + digitsOf(time, 2);
  return day === 29 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** A moment as Ringside writes it: ISO 8601, UTC, milliseconds. A date that the calendar does not have is refused. */
export const isoTime = text
  .regex(utcTime, { error: utcTimeMessage, abort: true })
  .refine(isInCalendar, utcTimeMessage)
  .meta({ format: 'date-time' });

/**
 * Why somebody was reported. Events take any word of this shape, not only those of {@link reportReasons}: a newer producer
 * may know more of them, and others-triage captures what nobody knows.
 */
export const reasonWord = text.regex(
  /^[a-z][a-z0-9_]{0,63}$/,
  'must be a reason such as aimbot: lower case letters, digits and underscores, at most 64',
);

/** The name of a region, such as `eu-west-1`. */
export const regionName = text.regex(
  /^[a-z][a-z0-9-]{0,31}$/,
  'must be a region name: lower case letters, digits and hyphens, at most 32',
);

/** The name of a service or a team, such as `report-intake`. */
export const serviceName = text.regex(
  /^[a-z][a-z0-9-]{0,63}$/,
  'must be a service name: lower case letters, digits and hyphens, at most 64',
);

/** An http or https address. */
export const webUrl = text
  .max(webUrlCharactersMax, `must have at most ${webUrlCharactersMax} characters`)
  .regex(/^https?:\/\/[^\s\p{Cc}\p{Cs}]+$/u, { error: 'must be an http or https URL', abort: true })
  .refine((url) => URL.canParse(url), 'must be an http or https URL');

/** Any JSON object of bounded depth, kept as it is. */
export const jsonObject = z
  .unknown()
  .superRefine((value, context) => {
    const fault = faultOfJsonObject(value);
    if (fault !== null) context.addIssue({ code: 'custom', message: fault });
  })
  .meta({ type: 'object' }) as z.ZodType as z.ZodType<JsonObject>;
