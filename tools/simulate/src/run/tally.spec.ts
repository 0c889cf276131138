import { describe, expect, it } from '@jest/globals';

import { noFigures } from './figures.js';
import { added, noTally, whatIsMissing, type Tally } from './tally.js';

const played = (runs: number, rows = 7): Tally => ({ ...noTally, runs, figures: { ...noFigures, rows } });
const failure = { options: { seed: 4 }, faults: ['It is lost.'], hasEnded: true };

describe('a tally', () => {
  it('of all that was asked for lacks nothing', () => {
    expect(whatIsMissing(added(played(3), played(2)), 5)).toBeUndefined();
  });

  it('of fewer seeds than were asked for says so, none included', () => {
    expect(whatIsMissing(played(4), 5)).toMatch('Of 5 seeds only 4');
    expect(whatIsMissing(noTally, 5)).toMatch('Of 5 seeds only 0');
  });

  it('of runs in which nothing was looked at says so', () => {
    expect(whatIsMissing(played(5, 0), 5)).toMatch('nothing to look at');
  });

  it('that ended with a failure says that by its failure', () => {
    expect(whatIsMissing(added(played(1), { ...noTally, failures: [failure] }), 5)).toBeUndefined();
  });
});
