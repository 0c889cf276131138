import { describe, expect, it } from '@jest/globals';

import { faultsOfAnswer, judge, together } from './judge.js';
import type { Answer } from './read-answers.js';
import type { Exchange } from './wire.js';

const problem = (status: number, told: unknown = status): Answer => ({
  status,
  headers: new Map([['content-type', 'application/problem+json']]),
  body: JSON.stringify({ type: 'urn:ringside:problem:x', title: 'X', status: told, detail: 'X.' }),
});
const plain = (status: number, body = ''): Answer => ({ status, headers: new Map([['content-type', 'text/plain']]), body });
const exchange = (answers: readonly Answer[], end: Exchange['end'] = 'open', rest = ''): Exchange => ({
  ...{ answers, end, rest: Buffer.from(rest), ms: 1 },
});

describe('an answer', () => {
  it('holds where it is a success or a whole problem document', () => {
    for (const answer of [plain(200), problem(400), problem(503)]) expect(faultsOfAnswer(answer)).toEqual([]);
  });

  it.each<[string, Answer]>([
    ['500', problem(500)],
    ['no problem document', plain(400)],
    ['a problem document that is no JSON', { ...problem(400), body: '<html>' }],
    ['one of another status', problem(400, 404)],
    ['one without its members', { ...problem(400), body: '{}' }],
    ['one of a hundred thousand characters', { ...problem(400), body: problem(400).body + ' '.repeat(100_000) }],
  ])('does not hold as %s', (_name, answer) => {
    expect(faultsOfAnswer(answer)).toHaveLength(1);
  });
});

describe('an exchange', () => {
  const expected = { statuses: [400] };

  it('holds where it is as expected', () => {
    expect(judge(exchange([problem(400)]), expected)).toEqual({ came: '400', faults: [] });
    expect(judge(exchange([], 'closed'), { ...expected, orClosed: true }).faults).toEqual([]);
  });

  it.each<[string, Exchange, object]>([
    ['another status', exchange([problem(404)]), {}],
    ['no answer', exchange([], 'closed'), {}],
    ['no answer and no end', exchange([]), { orClosed: true }],
    ['two answers', exchange([problem(400), problem(400)]), {}],
    ['a connection that stays open', exchange([problem(400)]), { closes: true }],
    ['bytes behind the answer', exchange([problem(400)], 'closed', 'x'), {}],
  ])('does not hold with %s', (_name, given, more) => {
    expect(judge(given, { ...expected, ...more }).faults).toHaveLength(1);
  });

  it('is counted with others of its kind', () => {
    const one = { came: '400', faults: ['a'] };
    expect(together([one, one, { came: '408', faults: [] }])).toEqual({ came: '2 x (400); 408', faults: ['a'] });
  });
});
