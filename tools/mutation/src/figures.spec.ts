import { describe, expect, it } from '@jest/globals';

import { figuresOf, tableOf, type Judged } from './figures.js';

const judged = (score: number): Judged => ({
  ...{ library: 'casework', mutants: 2_000, killed: 1_700, timeout: 1, survived: 290, noCoverage: 9, ignored: 3 },
  ...{ score, seconds: 61 },
});

describe('the figures of a run', () => {
  it('say what was noticed and what was not', () => {
    expect(figuresOf([judged(85.05)])).toMatchObject([
      { aim: 'at least 85 % of the changes', figure: '85.0 %: of 2,000 changes 1,701 were noticed, 299 were not', kept: true },
    ]);
  });

  it('are not rounded up to what was aimed at', () => {
    expect(figuresOf([judged(84.99)])).toMatchObject([{ figure: expect.stringMatching(/^84\.9 %/), kept: false }]);
    expect(tableOf([judged(84.99)])).toContain('84.9 %');
  });
});
