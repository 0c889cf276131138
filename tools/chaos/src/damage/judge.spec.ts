import { describe, expect, it } from '@jest/globals';

import type { Answers } from './answers.js';
import { judge } from './judge.js';

const whole: Answers = { log: ['a'], 'row cases 1': ['b'], 'command 1': ['c'], 'scan cases': ['b', 'd', 'e'] };
const refused = { said: 'The row is damaged on disk.' };

describe('an answer of a damaged store', () => {
  it.each([
    ['unharmed', {}, []],
    ['said', { 'row cases 1': refused }, []],
    ['hidden', { 'scan cases': ['b', 'e'] }, ['scan cases']],
    ['hidden', { 'scan cases': [], log: refused }, ['scan cases']],
    ['hidden', { 'row cases 1': [] }, ['row cases 1']],
    ['hidden', { 'command 1': [] }, ['command 1']],
    ['untrue', { 'row cases 1': ['x'] }, ['row cases 1']],
    ['untrue', { 'row cases 1': ['x'], log: refused, 'scan cases': [] }, ['row cases 1']],
    // A list may lack rows; it may not have a wrong one, one twice, or another order.
    ['untrue', { 'scan cases': ['b', 'x', 'e'] }, ['scan cases']],
    ['untrue', { 'scan cases': ['b', 'b', 'd'] }, ['scan cases']],
    ['untrue', { 'scan cases': ['d', 'b'] }, ['scan cases']],
    ['untrue', { 'command 1': ['x'] }, ['command 1']],
    // What the log or a stream lacks it has lost: their records follow one another, so that shows.
    ['untrue', { log: [] }, ['log']],
  ] as const)('is %s: %j', (verdict, harmed, questions) => {
    expect(judge(whole, { kind: 'answered', answers: { ...whole, ...harmed } })).toEqual({ verdict, questions });
  });

  it('is a word where nothing could be opened, and so nothing more was asked', () => {
    const answers = { log: { said: 'The file is damaged.' } };
    expect(judge(whole, { kind: 'answered', answers })).toEqual({ verdict: 'said', questions: [] });
  });

  it('is none where the process ended, or never answered', () => {
    expect(judge(whole, { kind: 'ended', how: 'SIGSEGV' })).toEqual({ verdict: 'ended', questions: [] });
    expect(judge(whole, { kind: 'silent' })).toEqual({ verdict: 'silent', questions: [] });
  });
});
