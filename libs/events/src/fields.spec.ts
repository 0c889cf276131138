import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type * as z from 'zod';
import { freeText, isoTime, jsonObject, opaqueId, reasonWord, regionName, serviceName, webUrl } from './fields.js';
import { jsonDepthMax } from './json-object.js';

/** The messages of all faults; none where the value is taken. */
const faults = (schema: z.ZodType, value: unknown): readonly string[] =>
  schema.safeParse(value).error?.issues.map(({ message }) => message) ?? [];

const nested = (depth: number): unknown => (depth === 1 ? {} : { inner: nested(depth - 1) });

describe('opaqueId', () => {
  it.each(['p', 'p-8814402', 'x'.repeat(128), 'Ünïcödé', '👀', ' ', '__proto__'])('takes %j', (id) => {
    expect(faults(opaqueId, id)).toEqual([]);
  });

  it.each([
    ['', 'must not be empty'],
    ['x'.repeat(129), 'must have at most 128 characters'],
    ['a\nb', 'must not contain control characters or broken Unicode'],
    ['a\u0000', 'must not contain control characters or broken Unicode'],
    ['a\u0085', 'must not contain control characters or broken Unicode'],
    ['\ud83d', 'must not contain control characters or broken Unicode'],
    ['\udc40\ud83d', 'must not contain control characters or broken Unicode'],
    [7, 'must be a string'],
    [null, 'must be a string'],
    [undefined, 'is required'],
  ])('refuses %j: %s', (id, message) => {
    expect(faults(opaqueId, id)).toEqual([message]);
  });

  it('names all faults of a value', () => {
    expect(faults(opaqueId, '\n'.repeat(129))).toHaveLength(2);
  });
});

describe('freeText', () => {
  const text = freeText(10);

  it('takes newlines, tabs, any script, and nothing at all', () => {
    for (const value of ['', 'a\n\tb', '敵が壁を透視', '👀👀👀👀👀']) expect(faults(text, value)).toEqual([]);
  });

  it('refuses what is too long, other control characters and broken Unicode', () => {
    expect(faults(text, 'x'.repeat(11))).toEqual(['must have at most 10 characters']);
    for (const value of ['\r\n', '\u0000', '\u001b[2J', '\u007f', '\ud83d'])
      expect(faults(text, value)).toEqual([
        'must not contain control characters other than newline and tab, nor broken Unicode',
      ]);
  });

  it('takes only what UTF-8 gives back unchanged', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 10 }), (value) => {
        if (faults(text, value).length === 0) expect(Buffer.from(value, 'utf8').toString('utf8')).toBe(value);
      }),
    );
  });
});

describe('isoTime', () => {
  it('takes every moment as Date writes it', () => {
    const date = fc.date({
      min: new Date('0000-01-01T00:00:00.000Z'),
      max: new Date('9999-12-31T23:59:59.999Z'),
      noInvalidDate: true,
    });
    fc.assert(fc.property(date, (moment) => expect(faults(isoTime, moment.toISOString())).toEqual([])));
    expect(faults(isoTime, '2024-02-29T23:59:59.999Z')).toEqual([]);
  });

  it('knows the same days as the calendar, in all the years that it may be asked of', () => {
    const two = (number: number): string => String(number).padStart(2, '0');
    for (const year of [1, 1900, 1970, 1999, 2000, 2023, 2024, 2100, 2400, 9999]) {
      for (let month = 1; month <= 12; month++) {
        for (let day = 28; day <= 31; day++) {
          const time = `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}T12:00:00.000Z`;
          expect([time, faults(isoTime, time).length]).toEqual([time, new Date(time).getUTCDate() === day ? 0 : 1]);
        }
      }
    }
  });

  it.each([
    '2026-01-31T12:00:00Z',
    '2026-01-31T12:00:00.0000Z',
    '2026-01-31T12:00:00.000+00:00',
    '2026-01-31T12:00:00.000',
    '2026-01-31 12:00:00.000Z',
    '2026-01-31T24:00:00.000Z',
    '2026-01-31T12:60:00.000Z',
    '2026-02-29T12:00:00.000Z',
    '2026-04-31T12:00:00.000Z',
    '2026-13-01T12:00:00.000Z',
    '2026-00-01T12:00:00.000Z',
    '+012026-01-31T12:00:00.000Z',
    '2026-01-31T12:00:00.000Z\n',
    'yesterday',
    '',
  ])('refuses %j', (time) => {
    expect(faults(isoTime, time)).toEqual(['must be a UTC time with milliseconds, such as 2026-01-31T12:00:00.000Z']);
  });
});

describe('reasonWord and regionName', () => {
  it('take words that a newer producer may know', () => {
    for (const word of ['aimbot', 'team_sabotage', 'a', `a${'1'.repeat(63)}`]) expect(faults(reasonWord, word)).toEqual([]);
    for (const name of ['eu-west-1', 'local']) expect(faults(regionName, name)).toEqual([]);
  });

  it('refuse what is no word', () => {
    for (const word of ['', 'Aimbot', '1st', '_x', 'a-b', 'aim bot', 'aimbot\n', '__proto__', `a${'1'.repeat(64)}`])
      expect(faults(reasonWord, word)).toHaveLength(1);
    for (const name of ['', 'EU', '1eu', 'eu_west', `e${'u'.repeat(32)}`]) expect(faults(regionName, name)).toHaveLength(1);
  });
});

describe('a field that has a shape of its own', () => {
  it.each([
    [reasonWord, 'A', 'must be a reason such as aimbot: lower case letters, digits and underscores, at most 64'],
    [regionName, 'A', 'must be a region name: lower case letters, digits and hyphens, at most 32'],
    [serviceName, 'A', 'must be a service name: lower case letters, digits and hyphens, at most 64'],
    [webUrl, 'ftp://r.example/', 'must be an http or https URL'],
    [webUrl, 'http://[::1', 'must be an http or https URL'],
    [webUrl, `https://r.example/${'x'.repeat(2031)}`, 'must have at most 2048 characters'],
  ])('says which', (schema, value, message) => {
    expect(faults(schema, value)).toEqual([message]);
  });
});

describe('webUrl', () => {
  it.each(['https://replays.example/m?at=190#x', 'http://[2001:db8::1]:8080/', `https://r.example/${'x'.repeat(2030)}`])(
    'takes %s',
    (url) => {
      expect(faults(webUrl, url)).toEqual([]);
    },
  );

  it.each([
    'javascript:alert(1)',
    'ftp://replays.example/m',
    'file:///etc/passwd',
    '//replays.example/m',
    'https://',
    'https://re plays.example/',
    ' https://replays.example/',
    'https://replays.example/\n',
    'http://[::1',
    `https://r.example/${'x'.repeat(2031)}`,
  ])('refuses %j', (url) => {
    expect(faults(webUrl, url)).toHaveLength(1);
  });
});

describe('jsonObject', () => {
  it('takes any JSON object and keeps it as it is', () => {
    const telemetry = { aim: { angles: [38.2, -1e300], vr: false, device: null }, '': '', 'a b': [[]], constructor: 1 };
    expect(jsonObject.parse(telemetry)).toEqual(telemetry);
    expect(faults(jsonObject, nested(jsonDepthMax))).toEqual([]);
  });

  it.each([
    ['a list', [], 'must be a JSON object'],
    ['null', null, 'must be a JSON object'],
    ['text', '{}', 'must be a JSON object'],
    ['an instance of a class', new Date(0), 'must be a JSON object'],
    ['a value that JSON cannot say', { a: [undefined] }, 'must contain JSON values only'],
    ['a function', { a: () => 1 }, 'must contain JSON values only'],
    ['infinity', { a: { b: [Infinity] } }, 'must not contain a number beyond the range of a double'],
    ['broken Unicode', { a: '\ud83d' }, 'must not contain broken Unicode'],
    ['a broken key', { '\ud83d': 1 }, 'must not contain broken Unicode'],
    ['__proto__', JSON.parse('{"a":{"__proto__":{"admin":true}}}'), 'must not have a key named __proto__'],
    ['deep nesting', nested(jsonDepthMax + 1), 'must not be nested more than 16 levels deep'],
  ])('refuses %s', (_, value, message) => {
    expect(faults(jsonObject, value)).toEqual([message]);
  });

  it('refuses nesting beyond the height of the stack without recursion', () => {
    expect(faults(jsonObject, JSON.parse(`{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}`))).toHaveLength(1);
  });
});
