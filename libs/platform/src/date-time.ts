import { applyDecorators } from '@nestjs/common';
import { IsISO8601, Matches } from 'class-validator';

const time = String.raw`([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?`;
const offset = String.raw`[+-]([01]\d|2[0-3]):[0-5]\d`;
/** RFC 3339, with seconds and a zone: any other form of ISO 8601 is read differently, or not at all, by `Date`. */
const patternOf = (zone: string) => String.raw`^[1-9]\d{3}-\d{2}-\d{2}T${time}${zone}$`;
const forms = {
  any: { pattern: patternOf(`(Z|${offset})`), fault: 'must be a date and time with a zone, such as 2026-01-31T12:00:00.000Z' },
  utc: { pattern: patternOf('Z'), fault: 'must be a UTC time such as 2026-01-31T12:00:00.000Z' },
};
type Zone = keyof typeof forms;

/** The JSON Schema of a moment from the year 1000 on, in UTC or in any zone. */
export const dateTimeSchema = (zone: Zone) => ({ format: 'date-time', pattern: forms[zone].pattern });

/** Checks what `dateTimeSchema` says, and that the month has such a day. */
export function DateTime(zone: Zone): PropertyDecorator {
  const { pattern, fault: message } = forms[zone];
  return applyDecorators(Matches(new RegExp(pattern), { message }), IsISO8601({ strict: true }, { message }));
}
