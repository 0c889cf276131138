import type { Attack } from '../attack.js';
import { formText } from '../forms.js';
import { judge, together, type Expected } from '../judge.js';
import { report, request, talk } from '../wire.js';

const closed: Expected = { statuses: [400], closes: true, orClosed: true };

const garbage: readonly (readonly [name: string, sent: string, bytes: string | Buffer, expected?: Expected])[] = [
  ['HTTP/0.9', 'GET / and a line break, then silence', 'GET /\r\n', { ...closed, closes: false, answers: 0 }],
  ['HTTP/0.9 of a resource', 'GET /v1/report-reasons and two line breaks', 'GET /v1/report-reasons\r\n\r\n', closed],
  ['HTTP/9.9', 'GET / HTTP/9.9', 'GET / HTTP/9.9\r\nHost: a\r\n\r\n', closed],
  ['HTTP/2 at once', 'the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', closed],
  ['TLS', 'the hello of TLS', Buffer.from('16030100c8010000c40303', 'hex'), closed],
  ['zero bytes', '10,000 zero bytes', Buffer.alloc(10_000), closed],
  ['line breaks alone', '10,000 empty lines', '\r\n'.repeat(10_000), { statuses: [400, 408, 431], orClosed: true, answers: 0 }],
  ['noise', '4,096 bytes of noise', noise(4_096), closed],
  ['SSH', 'the hello of SSH', 'SSH-2.0-OpenSSH_9.6\r\n', closed],
  ['a line without an end', '20,000 letters', 'G'.repeat(20_000), closed],
];

/** The same in each run. */
function noise(length: number): Buffer {
  let state = 0x9e3779b9;
  return Buffer.from(
    Array.from({ length }, () => {
      state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) >>> 0;
      return 0x80 | (state >>> 24);
    }),
  );
}

const methods = [
  'BREW',
  'get',
  'GETT',
  'G E T',
  '',
  'PATCH',
  'DELETE',
  'PUT',
  'TRACE',
  'PROPFIND',
  'LOCK',
  'M-SEARCH',
  'QUERY',
  'ACL',
];

export const protocolAttacks: readonly Attack[] = [
  ...garbage.map(([name, sent, bytes, expected = closed]): Attack => ({
    ...{ group: 'protocol', name, sent },
    run: async ({ intake }) => judge(await talk(intake.port, { send: [bytes], msMax: 4_000 }), expected),
  })),
  ...methods.map((method): Attack => ({
    ...{ group: 'protocol', name: `method ${method || 'of no letters'}`, sent: `${method} /v1/reports` },
    run: async ({ intake }) =>
      judge(await talk(intake.port, { send: [request(`${method} /v1/reports`)], answers: 1 }), { statuses: [400, 404, 405] }),
  })),
  {
    group: 'protocol',
    name: 'CONNECT',
    sent: 'CONNECT evil.example:443',
    run: async ({ intake }) =>
      judge(await talk(intake.port, { send: [request('CONNECT evil.example:443')], msMax: 4_000 }), {
        statuses: [400, 404, 405],
        orClosed: true,
      }),
  },
  {
    group: 'protocol',
    name: 'HEAD',
    sent: 'HEAD, whose answer has no body',
    run: async ({ intake }) => {
      const bytes = Buffer.concat([request('HEAD /v1/report-reasons'), request('HEAD /v1/reports/none')]);
      const { answers, end, rest } = await talk(intake.port, { send: [bytes], answers: 2, bodiless: true });
      const statuses = answers.map(({ status }) => status);
      const isRight = statuses[0] === 200 && statuses[1] === 404 && rest.length === 0;
      return {
        came: `${statuses.join(', ')}, ${end}`,
        faults: isRight ? [] : ['instead of 200, 404 and no bytes behind them'],
      };
    },
  },
  {
    group: 'protocol',
    name: 'pipelining',
    sent: '100 reports in one write',
    run: async ({ intake, canary }) => {
      const bytes = Buffer.concat(Array.from({ length: 100 }, () => report(formText(canary))));
      return judge(await talk(intake.port, { send: [bytes], answers: 100 }), { statuses: [202], answers: 100 });
    },
  },
  {
    group: 'protocol',
    name: 'pipelining, good and bad',
    sent: 'good, bad and unknown requests in one write, garbage last',
    run: async ({ intake, canary }) => {
      const bytes = Buffer.concat([
        report(formText(canary)),
        report('{'),
        request('GET /nowhere'),
        Buffer.from('garbage\r\n\r\n'),
      ]);
      const { answers, ...rest } = await talk(intake.port, { send: [bytes] });
      const statuses = answers.map(({ status }) => status).join(', ');
      const judged = judge({ answers, ...rest }, { statuses: [202, 400, 404], answers: 4, closes: true });
      // Node drops what it has not answered yet when garbage follows; what came has to be in the order of the requests.
      const isPrefix = '202, 400, 404, 400'.startsWith(statuses) || statuses === '400';
      return {
        came: judged.came,
        faults: isPrefix ? judged.faults.filter((fault) => !fault.includes('answers instead')) : [`${statuses} out of order`],
      };
    },
  },
  {
    group: 'protocol',
    name: 'a request in single bytes',
    sent: 'a report, byte by byte',
    run: async ({ intake, canary }) => {
      const bytes = report(formText(canary));
      const send = [...bytes].flatMap((byte, index) => (index % 20 === 0 ? [1, Buffer.from([byte])] : [Buffer.from([byte])]));
      return judge(await talk(intake.port, { send, answers: 1 }), { statuses: [202] });
    },
  },
  {
    group: 'protocol',
    name: 'reset in the middle',
    sent: '500 reports whose connection is reset before the answer',
    run: async ({ intake, canary }) => {
      const exchanges = await Promise.all(
        Array.from({ length: 500 }, (_, index) => talk(intake.port, { send: [report(formText(canary))], msMax: index % 5 })),
      );
      return together(
        exchanges.map((one) => ({
          came: one.answers.length === 0 ? 'gone before the answer' : 'answered',
          faults: judge(one, { statuses: [202], answers: one.answers.length }).faults,
        })),
      );
    },
  },
];
