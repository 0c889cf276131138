import type { Attack } from '../attack.js';
import { formText } from '../forms.js';
import { judge, type Expected } from '../judge.js';
import { report, request, talk } from '../wire.js';

const refused: Expected = { statuses: [400] };

const nested = (opening: string, closing: string, depth: number): string => opening.repeat(depth) + closing.repeat(depth);

/** A report whose telemetry is this JSON. */
const withTelemetry = (canary: string, telemetry: string): string =>
  `${formText(canary).slice(0, -1)},"evidence":{"telemetry":${telemetry}}}`;

/** A report with this text at its beginning, before all fields. */
const beginningWith = (canary: string, member: string): string => `{${member},${formText(canary).slice(1)}`;

const bodies: readonly (readonly [
  name: string,
  sent: string,
  body: (canary: string) => string | Buffer,
  expected?: Expected,
])[] = [
  ['deep arrays', '30,000 arrays in each other', () => nested('[', ']', 30_000)],
  [
    'deep objects',
    '10,000 objects in each other',
    (canary) => withTelemetry(canary, `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`),
  ],
  ['deep and not closed', '60,000 opening brackets', () => '['.repeat(60_000)],
  [
    'wide objects',
    '6,000 fields',
    (canary) => withTelemetry(canary, `{${Array.from({ length: 6_000 }, (_, i) => `"k${i}":1`).join(',')}}`),
    { statuses: [202, 400] },
  ],
  ['duplicate keys', 'subjectId twice', (canary) => beginningWith(canary, '"subjectId":"somebody-else"')],
  [
    'duplicate keys, escaped',
    'subjectId once more, as \\u0073ubjectId',
    (canary) => beginningWith(canary, '"\\u0073ubjectId":"somebody-else"'),
  ],
  ['duplicate keys, inside', 'a key of the telemetry twice', (canary) => withTelemetry(canary, '{"ping":1,"ping":2}')],
  [
    'duplicate keys, under a long one',
    'a key 5,000 times, under one of 32,000 characters',
    (canary) => beginningWith(canary, `"${'k'.repeat(32_000)}":{${'"a":1,'.repeat(5_000)}"b":1}`),
  ],
  ['__proto__', 'a key __proto__', (canary) => beginningWith(canary, '"__proto__":{"game":"arena"}')],
  ['__proto__, escaped', 'a key \\u005f_proto__', (canary) => beginningWith(canary, '"\\u005f_proto__":{"game":"arena"}')],
  ['__proto__ inside', 'a key __proto__ in the telemetry', (canary) => withTelemetry(canary, '{"__proto__":{"admin":true}}')],
  [
    'constructor.prototype',
    'constructor with a prototype',
    (canary) => beginningWith(canary, '"constructor":{"prototype":{"admin":true}}'),
  ],
  [
    'names of every object',
    'toString, valueOf, hasOwnProperty as fields',
    (canary) => beginningWith(canary, '"toString":1,"valueOf":2,"hasOwnProperty":3'),
  ],
  ['no JSON', 'text', (canary) => `report ${canary}`],
  ['half of a JSON', 'a report without its last brace', (canary) => formText(canary).slice(0, -1)],
  ['two documents', 'two reports after each other', (canary) => formText(canary) + formText(canary)],
  ['null', 'null', () => 'null'],
  ['a number', '1e999999', () => '1e999999'],
  ['a list', 'a list of reports', (canary) => `[${formText(canary)}]`],
  ['not UTF-8', 'a byte 0xff in a string', (canary) => Buffer.from(formText(`${canary}\xff`), 'latin1')],
  ['UTF-16', 'a report in UTF-16', (canary) => Buffer.from(formText(canary), 'utf16le')],
  ['a byte order mark', 'a report behind U+FEFF', (canary) => `\ufeff${formText(canary)}`, { statuses: [202, 400] }],
  ['half a character', 'a lone surrogate, escaped', (canary) => formText(canary, { matchId: 'm' }).replace('"m"', '"\\ud800"')],
  ['control characters', 'U+0000 in an id', (canary) => formText(canary, { matchId: 'a\u0000b' })],
  ['huge numbers', 'numbers of 10,000 digits', (canary) => withTelemetry(canary, `{"a":${'9'.repeat(10_000)}}`)],
  [
    'a trap for patterns',
    'ids made for regular expressions to go mad over',
    (canary) => formText(canary, { replayUrl: 'x', evidence: { replayUrl: `https://${'a@'.repeat(20_000)}` } }),
  ],
];

const types: readonly (readonly [string, string])[] = [
  ['no type at all', ''],
  ['text/plain', 'Content-Type: text/plain'],
  ['a form', 'Content-Type: application/x-www-form-urlencoded'],
  ['multipart', 'Content-Type: multipart/form-data; boundary=x'],
  ['XML', 'Content-Type: application/xml'],
  ['another charset', 'Content-Type: application/json; charset=utf-16'],
  ['a type with a trap', `Content-Type: application/json${'; a=b'.repeat(500)}; charset=x`],
  ['no type by form', 'Content-Type: ;;;'],
  ['NDJSON where JSON is due', 'Content-Type: application/x-ndjson'],
];

export const bodyAttacks: readonly Attack[] = [
  ...bodies.map(([name, sent, body, expected = refused]): Attack => ({
    ...{ group: 'bodies', name, sent },
    run: async ({ intake, canary }) => judge(await talk(intake.port, { send: [report(body(canary))], answers: 1 }), expected),
  })),
  ...types.map(([name, header]): Attack => ({
    ...{ group: 'bodies', name: `type: ${name}`, sent: header.slice(0, 60) || 'a body without Content-Type' },
    run: async ({ intake, canary }) => {
      const bytes = request('POST /v1/reports', { headers: header === '' ? [] : [header], body: formText(canary) });
      return judge(await talk(intake.port, { send: [bytes], answers: 1 }), { statuses: [415] });
    },
  })),
  {
    group: 'bodies',
    name: 'duplicate keys to a team',
    sent: 'a note with its text twice',
    run: async ({ team, token }) => {
      const bytes = request('POST /v1/cases/AAAAAAAAAAAAAAAAAAAAAA/note', {
        headers: [`Authorization: Bearer ${token}`, 'Content-Type: application/json', 'If-Match: "1"'],
        body: '{"text":"a","text":"b"}',
      });
      return judge(await talk(team.port, { send: [bytes], answers: 1 }), refused);
    },
  },
];
