import { describe, expect, it } from '@jest/globals';

import { readAnswers } from './read-answers.js';

const read = (text: string, bodiless = false) => {
  const { answers, rest } = readAnswers(Buffer.from(text), bodiless);
  return { answers: answers.map(({ status, body }) => `${status} ${body}`), rest: rest.toString() };
};

const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
const chunked = 'HTTP/1.1 202 Accepted\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n1\r\nd\r\n0\r\n\r\n';

describe('answers on a connection', () => {
  it.each<[string, string, string[], string]>([
    ['one', ok, ['200 ok'], ''],
    ['two', ok + chunked, ['200 ok', '202 abcd'], ''],
    ['one and the beginning of another', ok + chunked.slice(0, -4), ['200 ok'], chunked.slice(0, -4)],
    ['half a head', 'HTTP/1.1 200 OK\r\nConten', [], 'HTTP/1.1 200 OK\r\nConten'],
    ['a provisional one before', `HTTP/1.1 100 Continue\r\n\r\n${ok}`, ['200 ok'], ''],
    ['without a body', 'HTTP/1.1 204 No Content\r\n\r\n', ['204 '], ''],
    ['what is no HTTP', `${ok}SSH-2.0\r\n\r\n`, ['200 ok'], 'SSH-2.0\r\n\r\n'],
  ])('%s', (_name, text, answers, rest) => {
    expect(read(text)).toEqual({ answers, rest });
  });

  it('to HEAD have a length and no body', () => {
    const head = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n';
    expect(read(head + head, true)).toEqual({ answers: ['200 ', '200 '], rest: '' });
  });
});
