import { describe, expect, it } from '@jest/globals';

import { noFigures } from '../run/figures.js';
import { noTally, type Tally } from '../run/tally.js';
import { figuresOf } from './record.js';

const figures = { ...noFigures, accepted: 90, lookedFor: 90, appeals: 4 };
const passed: Tally = { ...noTally, runs: 500, repeated: 10, figures };
const caught = { bug: 'x', what: 'X.', withinSeeds: 50, foundAt: 7, isFound: true, because: 'It is lost.' };
const missed = { ...caught, foundAt: undefined, isFound: false };

const said = (ran: Partial<Parameters<typeof figuresOf>[0]>) =>
  figuresOf({ seeds: passed, again: passed, planted: [caught], ...ran }).map(({ figure, kept }) => [figure, kept]);

describe('the figures of a run', () => {
  it('are kept promises where all has happened and nothing is wrong', () => {
    expect(said({}).map(([, kept]) => kept)).toEqual([true, true, true, true, true]);
    expect(said({}).at(-1)).toEqual(['1 of 1, the hardest at seed 7', true]);
  });

  it('count what is lost, and do not promise for what was not looked for', () => {
    expect(said({ seeds: { ...passed, figures: { ...figures, astray: 2 } } })[1]).toEqual([
      expect.stringMatching('^2 of 90 that were looked for, of 90'),
      false,
    ]);
    expect(said({ seeds: { ...passed, figures: { ...figures, lookedFor: 80 } } })[1]).toEqual([
      expect.stringMatching('^0 of 80 that were looked for, of 90'),
      false,
    ]);
  });

  it('say of nothing that did not happen that it was kept', () => {
    expect(said({ seeds: noTally, again: noTally, planted: [] }).map(([, kept]) => kept)).toEqual(Array(5).fill(undefined));
  });

  it('say that a bug was not found, and no number of a seed where none was', () => {
    expect(said({ planted: [missed] }).at(-1)).toEqual(['0 of 1', false]);
  });
});
