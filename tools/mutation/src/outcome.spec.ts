import { describe, expect, it } from '@jest/globals';

import { countsOf, survivorsOf } from './outcome.js';

const mutant = (status: string, line = 1, column = 1) => ({
  ...{ status, mutatorName: 'StringLiteral', replacement: '""' },
  location: { start: { line, column }, end: { line, column: column + 3 } },
});
const report = (...mutants: ReturnType<typeof mutant>[]) => ({
  files: { 'libs/core/src/a.ts': { source: "f('a');\n  g('b');", mutants } },
});

describe('the score of a library', () => {
  it('is the part of its mutants that the specs noticed, killed or never ended', () => {
    const statuses = ['Killed', 'Killed', 'Timeout', 'Survived', 'NoCoverage', 'Ignored'];
    expect(countsOf(report(...statuses.map((status) => mutant(status))))).toEqual({
      ...{ mutants: 5, killed: 2, timeout: 1, survived: 1, noCoverage: 1, ignored: 1 },
      score: 60,
    });
  });

  it('is none where nothing was mutated, or a mutant could not be judged', () => {
    expect(() => countsOf({ files: {} })).toThrow('Nothing was mutated');
    expect(() => countsOf(report(mutant('Ignored')))).toThrow('Nothing was mutated');
    expect(() => countsOf(report(mutant('Killed'), mutant('RuntimeError')))).toThrow('1 mutants were not judged');
  });
});

describe('a mutant that lives', () => {
  it('is named by its place and by what was changed', () => {
    expect(survivorsOf(report(mutant('Killed'), mutant('Survived', 1, 3), mutant('NoCoverage', 2, 5)))).toEqual([
      `libs/core/src/a.ts:1:3 StringLiteral: 'a' -> ""`,
      `libs/core/src/a.ts:2:5 StringLiteral (no spec runs it): 'b' -> ""`,
    ]);
  });
});
