import { gzipSync } from 'node:zlib';

import type { Attack } from '../attack.js';
import { formOfBytes, formText } from '../forms.js';
import { judge, together, type Expected } from '../judge.js';
import { report, request, talk } from '../wire.js';

const jsonBytesMax = 64 * 1024;
const batchBytesMax = 8 * 1024 * 1024;
const batchLinesMax = 1_000;
const headerBytesMax = 16 * 1024;

interface Case {
  readonly name: string;
  readonly sent: string;
  readonly bytes: (canary: string) => Buffer;
  readonly expected: Expected;
}

const batch = (body: string | Buffer, headers: readonly string[] = []): Buffer =>
  request('POST /v1/reports:batch', { headers: ['Content-Type: application/x-ndjson', ...headers], body });

const chunked = (body: Buffer, bytesEach: number): Buffer => {
  const chunks: Buffer[] = [];
  for (let at = 0; at < body.length; at += bytesEach) {
    const chunk = body.subarray(at, at + bytesEach);
    chunks.push(Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from('\r\n'));
  }
  return Buffer.concat([...chunks, Buffer.from('0\r\n\r\n')]);
};

const inChunks = (body: Buffer): Buffer =>
  Buffer.concat([
    request('POST /v1/reports', { headers: ['Content-Type: application/json', 'Transfer-Encoding: chunked'] }),
    chunked(body, 1_000),
  ]);

const lines = (canary: string, count: number): string => `${formText(canary)}\n`.repeat(count);

/** A batch of exactly so many bytes: one report, and spaces in lines of their own behind it. */
const batchOfBytes = (canary: string, bytes: number): Buffer => {
  const whole = Buffer.alloc(bytes, ' ');
  whole.write(`${formText(canary)}\n`);
  for (let at = 60_000; at < bytes; at += 60_000) whole[at] = 0x0a;
  return whole;
};

/** A head of exactly so many bytes. */
const headOfBytes = (bytes: number): Buffer => {
  const bare = request('GET /v1/report-reasons', { headers: ['X-Padding: '] }).length;
  return request('GET /v1/report-reasons', { headers: [`X-Padding: ${'p'.repeat(bytes - bare)}`] });
};

const bomb = gzipSync(Buffer.alloc(32 * 1024 * 1024, ' '));

const cases: readonly Case[] = [
  {
    name: 'a body at its limit',
    sent: '64 KiB of JSON',
    bytes: (canary) => report(formOfBytes(canary, jsonBytesMax)),
    expected: { statuses: [202] },
  },
  {
    name: 'a body past its limit',
    sent: '64 KiB and a byte of JSON',
    bytes: (canary) => report(formOfBytes(canary, jsonBytesMax + 1)),
    expected: { statuses: [413] },
  },
  {
    name: 'chunks at the limit',
    sent: '64 KiB of JSON in chunks',
    bytes: (canary) => inChunks(formOfBytes(canary, jsonBytesMax)),
    expected: { statuses: [202] },
  },
  {
    name: 'chunks past the limit',
    sent: '64 KiB and a byte of JSON in chunks',
    bytes: (canary) => inChunks(formOfBytes(canary, jsonBytesMax + 1)),
    expected: { statuses: [413] },
  },
  {
    name: 'a length of petabytes',
    sent: 'Content-Length: 9007199254740993, and little behind it',
    bytes: (canary) =>
      request('POST /v1/reports', {
        headers: ['Content-Type: application/json', 'Content-Length: 9007199254740993'],
        body: formText(canary),
      }),
    expected: { statuses: [413], closes: true },
  },
  {
    name: 'a batch at its limit of bytes',
    sent: '8 MiB of NDJSON',
    bytes: (canary) => batch(batchOfBytes(canary, batchBytesMax)),
    expected: { statuses: [200] },
  },
  {
    name: 'a batch past its limit of bytes',
    sent: '8 MiB and a byte of NDJSON',
    bytes: (canary) => batch(batchOfBytes(canary, batchBytesMax + 1)),
    expected: { statuses: [413] },
  },
  {
    name: 'a batch at its limit of lines',
    sent: '1,000 lines',
    bytes: (canary) => batch(lines(canary, batchLinesMax)),
    expected: { statuses: [200] },
  },
  {
    name: 'a batch past its limit of lines',
    sent: '1,001 lines',
    bytes: (canary) => batch(lines(canary, batchLinesMax + 1)),
    expected: { statuses: [400, 413] },
  },
  {
    name: 'headers at their limit',
    sent: 'a head of 16 KiB less 64 bytes',
    bytes: () => headOfBytes(headerBytesMax - 64),
    expected: { statuses: [200] },
  },
  {
    name: 'headers past their limit',
    sent: 'a head of 16 KiB and 64 bytes',
    bytes: () => headOfBytes(headerBytesMax + 64),
    expected: { statuses: [431], closes: true },
  },
  {
    name: 'a header of a megabyte',
    sent: 'one header of 1 MiB',
    bytes: () => headOfBytes(1024 * 1024),
    expected: { statuses: [431], orClosed: true, closes: true },
  },
  {
    name: 'an endless address',
    sent: 'an address of 15,000 characters',
    bytes: () => request(`GET /v1/reports/${'a'.repeat(15_000)}`),
    expected: { statuses: [414] },
  },
  ...['gzip', 'br', 'deflate', 'zstd', 'gzip, gzip', 'x-unknown'].map((encoding) => ({
    name: `a compressed bomb (${encoding})`,
    sent: `32 MiB of spaces in ${bomb.length} bytes, Content-Encoding: ${encoding}`,
    bytes: () => report(bomb, [`Content-Encoding: ${encoding}`]),
    expected: { statuses: [415] },
  })),
  {
    name: 'a compressed batch',
    sent: 'the bomb as a batch',
    bytes: () => batch(bomb, ['Content-Encoding: gzip']),
    expected: { statuses: [415] },
  },
];

const single = ({ name, sent, bytes, expected }: Case): Attack => ({
  ...{ group: 'limits', name, sent },
  run: async ({ intake, canary }) => {
    const answers = expected.closes ? {} : { answers: expected.answers ?? 1 };
    return judge(await talk(intake.port, { send: [bytes(canary)], ...answers }), expected);
  },
});

export const limitAttacks: readonly Attack[] = [
  ...cases.map(single),
  {
    group: 'limits',
    name: 'a flood of the largest batches',
    sent: '48 batches of 8 MiB at once',
    run: async ({ intake, canary }) => {
      const bytes = batch(batchOfBytes(canary, batchBytesMax));
      const exchanges = await Promise.all(
        Array.from({ length: 48 }, () => talk(intake.port, { send: [bytes], answers: 1, msMax: 30_000 })),
      );
      return together(exchanges.map((one) => judge(one, { statuses: [200, 429, 503], orClosed: true })));
    },
  },
];
