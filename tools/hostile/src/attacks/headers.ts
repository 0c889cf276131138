import type { Attack } from '../attack.js';
import { formText } from '../forms.js';
import { judge, type Expected } from '../judge.js';
import { request, talk } from '../wire.js';

const json = 'Content-Type: application/json';
const closed: Expected = { statuses: [400], closes: true };
const smuggled = 'GET /v1/smuggled HTTP/1.1\r\nHost: intake.example\r\n\r\n';

interface Case {
  readonly name: string;
  readonly sent: string;
  readonly bytes: (canary: string) => Buffer;
  readonly expected: Expected;
}

const get = (headers: readonly string[], host = true): Buffer => request('GET /v1/report-reasons', { headers, host });
const post = (body: string | Buffer, headers: readonly string[]): Buffer =>
  request('POST /v1/reports', { headers: [json, ...headers], body });

const cases: readonly Case[] = [
  { name: 'no Host', sent: 'HTTP/1.1 without Host', bytes: () => get([], false), expected: { statuses: [400] } },
  {
    name: 'two Hosts',
    sent: 'two different Host headers',
    bytes: () => get(['Host: other.example']),
    expected: { statuses: [400] },
  },
  {
    name: 'a bad Host',
    sent: 'Host: in@take/../ ?',
    bytes: () => get(['Host: in@take/../ ?'], false),
    expected: { statuses: [400] },
  },
  { name: 'an empty Host', sent: 'Host: and nothing', bytes: () => get(['Host:'], false), expected: { statuses: [200, 400] } },
  { name: 'an expectation', sent: 'Expect: something', bytes: () => get(['Expect: something']), expected: { statuses: [417] } },
  {
    name: 'two lengths',
    sent: 'two different Content-Length',
    bytes: (canary) => post(formText(canary), ['Content-Length: 5', 'Content-Length: 500']),
    expected: closed,
  },
  {
    name: 'one length twice',
    sent: 'the same Content-Length twice',
    bytes: (canary) =>
      post(formText(canary), [`Content-Length: ${formText(canary).length}`, `Content-Length: ${formText(canary).length}`]),
    expected: closed,
  },
  {
    name: 'a list of lengths',
    sent: 'Content-Length: 5, 5',
    bytes: (canary) => post(formText(canary), ['Content-Length: 5, 5']),
    expected: closed,
  },
  {
    name: 'a negative length',
    sent: 'Content-Length: -1',
    bytes: (canary) => post(formText(canary), ['Content-Length: -1']),
    expected: closed,
  },
  {
    name: 'a length with a sign',
    sent: 'Content-Length: +5',
    bytes: (canary) => post(formText(canary), ['Content-Length: +5']),
    expected: closed,
  },
  {
    name: 'a length in hex',
    sent: 'Content-Length: 0x10',
    bytes: (canary) => post(formText(canary), ['Content-Length: 0x10']),
    expected: closed,
  },
  {
    name: 'smuggling: length and chunks',
    sent: 'Content-Length and Transfer-Encoding, a request behind the last chunk',
    bytes: () => post(`0\r\n\r\n${smuggled}`, ['Content-Length: 4', 'Transfer-Encoding: chunked']),
    expected: closed,
  },
  {
    name: 'smuggling: chunks and length',
    sent: 'Transfer-Encoding before Content-Length',
    bytes: () => post(`0\r\n\r\n${smuggled}`, ['Transfer-Encoding: chunked', 'Content-Length: 4']),
    expected: closed,
  },
  {
    name: 'smuggling: another encoding',
    sent: 'Transfer-Encoding: chunked, identity',
    bytes: () => post(`0\r\n\r\n${smuggled}`, ['Transfer-Encoding: chunked, identity']),
    expected: closed,
  },
  {
    name: 'smuggling: a disguised encoding',
    sent: 'Transfer-Encoding: xchunked',
    bytes: () => post(`0\r\n\r\n${smuggled}`, ['Transfer-Encoding: xchunked']),
    expected: closed,
  },
  {
    name: 'smuggling: a space before the colon',
    sent: 'Transfer-Encoding : chunked',
    bytes: () => post(`0\r\n\r\n${smuggled}`, ['Transfer-Encoding : chunked']),
    expected: closed,
  },
  {
    name: 'smuggling: a folded header',
    sent: 'Transfer-Encoding:, chunked on the next line',
    bytes: () => post(`0\r\n\r\n${smuggled}`, ['Transfer-Encoding:\r\n chunked', 'Content-Length: 4']),
    expected: closed,
  },
  {
    name: 'bad chunks',
    sent: 'a chunk with a length that is no number',
    bytes: () => post('zz\r\n{}\r\n0\r\n\r\n', ['Transfer-Encoding: chunked']),
    expected: closed,
  },
  {
    name: 'a chunk of terabytes',
    sent: 'a chunk with a length of 2^64',
    bytes: () => post('10000000000000000\r\n{}\r\n0\r\n\r\n', ['Transfer-Encoding: chunked']),
    expected: { statuses: [400, 413], closes: true },
  },
  {
    name: 'endless chunk extensions',
    sent: 'a chunk with 20,000 characters of extensions',
    bytes: () => post(`1;${'a'.repeat(20_000)}\r\n{\r\n0\r\n\r\n`, ['Transfer-Encoding: chunked']),
    expected: { statuses: [400, 413, 431], closes: true },
  },
  {
    name: 'endless trailers',
    sent: '64,000 bytes of trailers behind the last chunk',
    bytes: (canary) => {
      const body = formText(canary);
      return post(`${body.length.toString(16)}\r\n${body}\r\n0\r\n${'X-T: 1\r\n'.repeat(8_000)}\r\n`, [
        'Transfer-Encoding: chunked',
      ]);
    },
    expected: { statuses: [400, 431], orClosed: true, closes: true },
  },
  {
    name: 'many headers',
    sent: '1,500 headers',
    bytes: () => get(Array.from({ length: 1_500 }, (_, i) => `a${i}: 1`)),
    expected: { statuses: [200, 431] },
  },
  {
    name: 'one header 1,500 times',
    sent: '1,500 times X: 1',
    bytes: () => get(Array.from({ length: 1_500 }, () => 'X: 1')),
    expected: { statuses: [200, 431] },
  },
  {
    name: 'headers named like every object',
    sent: '__proto__, constructor',
    bytes: () => get(['__proto__: 1', 'constructor: 1', 'toString: 1']),
    expected: { statuses: [200] },
  },
  { name: 'a zero byte', sent: 'a header with a zero byte in it', bytes: () => get(['X-Zero: a\0b']), expected: closed },
  {
    name: 'a lone line feed',
    sent: 'a header that ends in a line feed alone',
    bytes: () => get(['X-A: 1\nX-B: 2']),
    expected: { statuses: [200, 400] },
  },
  {
    name: 'a lone carriage return',
    sent: 'a header with a carriage return in it',
    bytes: () => get(['X-A: 1\rX-B: 2']),
    expected: closed,
  },
  { name: 'no name', sent: 'a header without a name', bytes: () => get([': nameless']), expected: closed },
  {
    name: 'a key that is too long',
    sent: 'Idempotency-Key of 129 characters',
    bytes: (canary) => post(formText(canary), [`Idempotency-Key: ${'k'.repeat(129)}`]),
    expected: { statuses: [400] },
  },
  {
    name: 'a key given twice',
    sent: 'two Idempotency-Keys',
    bytes: (canary) => post(formText(canary), ['Idempotency-Key: a b', 'Idempotency-Key: c']),
    expected: { statuses: [400] },
  },
  {
    name: 'an upgrade',
    sent: 'Upgrade: websocket',
    bytes: () =>
      get([
        'Connection: Upgrade',
        'Upgrade: websocket',
        'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
        'Sec-WebSocket-Version: 13',
      ]),
    expected: { statuses: [200, 400, 426] },
  },
  {
    name: 'HTTP/2 by upgrade',
    sent: 'Upgrade: h2c',
    bytes: () => get(['Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAAQAAP__']),
    expected: { statuses: [200, 400, 426] },
  },
  {
    name: 'a method in a header',
    sent: 'X-HTTP-Method-Override: DELETE',
    bytes: () => get(['X-HTTP-Method-Override: DELETE']),
    expected: { statuses: [200] },
  },
];

const tokens: readonly (readonly [name: string, header: string])[] = [
  ['no token', ''],
  ['an empty token', 'Authorization: Bearer '],
  ['another scheme', 'Authorization: Basic YTpi'],
  ['a token of 12,000 characters', `Authorization: Bearer ${'a'.repeat(12_000)}`],
  ['an unsigned token', `Authorization: Bearer ${unsigned()}`],
  ['dots', `Authorization: Bearer ${'.'.repeat(5_000)}`],
];

function unsigned(): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none' })}.${part({ sub: 'x', teams: ['cheating'], roles: ['lead'], aud: 'ringside' })}.`;
}

export const headerAttacks: readonly Attack[] = [
  ...cases.map(({ name, sent, bytes, expected }): Attack => ({
    ...{ group: 'headers', name, sent },
    run: async ({ intake, canary }) => {
      const answers = expected.closes ? {} : { answers: 1 };
      return judge(await talk(intake.port, { send: [bytes(canary)], ...answers }), expected);
    },
  })),
  ...tokens.map(([name, header]): Attack => ({
    ...{ group: 'headers', name, sent: 'GET /v1/cases' },
    run: async ({ team }) => {
      const bytes = request('GET /v1/cases', { headers: header === '' ? [] : [header] });
      return judge(await talk(team.port, { send: [bytes], answers: 1 }), { statuses: [401] });
    },
  })),
];
