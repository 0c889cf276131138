import { describe, expect, it } from '@jest/globals';

import { judge } from './damage.js';

describe('an answer of a damaged store', () => {
  const whole = { log: 'a', row: 'b' };

  it.each([
    ['unharmed', whole, []],
    ['said', { log: 'a', row: 'said The row is damaged on disk.' }, []],
    ['said', { log: 'said The file is damaged.' }, []],
    ['served', { log: 'a', row: 'c' }, ['row']],
    ['served', { log: 'said The log is damaged.', row: 'c' }, ['row']],
  ] as const)('is %s', (verdict, harmed, served) => {
    expect(judge(whole, harmed)).toEqual({ verdict, served });
  });

  it('is none where the process ended', () => {
    expect(judge(whole, 'SIGSEGV')).toEqual({ verdict: 'ended', served: [] });
  });
});
