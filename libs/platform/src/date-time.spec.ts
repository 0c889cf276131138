import { describe, expect, it } from '@jest/globals';
import { validateSync } from 'class-validator';

import { DateTime, dateTimeSchema } from './date-time.js';

class Moments {
  @DateTime('any')
  any: unknown = '2026-01-31T12:00:00Z';

  @DateTime('utc')
  utc: unknown = '2026-01-31T12:00:00Z';
}

const faultyOf = (any: unknown, utc: unknown = any) =>
  validateSync(Object.assign(new Moments(), { any, utc })).map(({ property }) => property);

describe('a moment in a request', () => {
  it.each(['2026-01-31T12:00:00Z', '2024-02-29T23:59:59.999999999Z', '1000-01-01T00:00:00Z', '9999-12-31T23:59:59Z'])(
    'may be %s',
    (text) => {
      expect(faultyOf(text)).toEqual([]);
    },
  );

  it.each([
    ...[
      '2026-01-31',
      '2026-01-31T12:00Z',
      '2026-01-31 12:00:00Z',
      '2026-01-31T12:00:00',
      '2026-W05-6T12:00:00Z',
      '2026-01-31T12:00:00,5Z',
    ],
    ...['2026-02-30T12:00:00Z', '2025-02-29T12:00:00Z', '2026-13-01T12:00:00Z', '2026-01-31T24:00:00Z', '2026-01-31T23:59:60Z'],
    ...['0999-12-31T23:59:59Z', '+12026-01-31T12:00:00Z', '', 0, null, ['2026-01-31T12:00:00Z']],
  ])('may not be %p', (value) => {
    expect(faultyOf(value)).toEqual(['any', 'utc']);
  });

  it('has a zone, which for some is UTC', () => {
    expect(faultyOf('2026-01-31T12:00:00+05:30')).toEqual(['utc']);
    expect(faultyOf('2026-01-31T12:00:00+24:00')).toEqual(['any', 'utc']);
  });

  it.each(['any', 'utc'] as const)('in %s zone is documented with the pattern that is checked', (zone) => {
    const pattern = new RegExp(dateTimeSchema(zone).pattern);
    expect([pattern.test('0024-06-04T04:13:54Z'), pattern.test('1024-06-04T04:13:54Z')]).toEqual([false, true]);
  });
});
