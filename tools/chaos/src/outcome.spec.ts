import { describe, expect, it } from '@jest/globals';

import { outcomeOf, type Played } from './outcome.js';
import type { Verification } from './verification.js';

const verification: Verification = {
  ...{ sent: 12, accepted: 10, unknown: 2, refused: 0 },
  differences: { lost: 0, doubled: 0, misplaced: 0, foreign: 0, altered: 0, miscounted: 0, unlisted: 0 },
  ...{ viewsCompared: 4, viewsDiffering: [], faults: [] },
};
const played: Played = { parts: [{ figures: { kills: 3 } }], verification, ownDeaths: [], mayEndItself: false };
const death = 'triage died by itself: exit code 1';

describe('outcome of a scenario under load', () => {
  it('is without fault where all that was accepted is in its place', () => {
    const { figures, faults } = outcomeOf(played);
    expect(faults).toEqual([]);
    expect(figures).toMatchObject({ kills: 3, accepted: 10, 'views differing': '0 of 4', 'died by themselves': 0 });
  });

  it('is a fault where nothing was accepted', () => {
    expect(outcomeOf({ ...played, verification: { ...verification, accepted: 0 } }).faults).toEqual([
      'no report was accepted: nothing was shown',
    ]);
  });

  it('is a fault where a service died that nobody killed', () => {
    expect(outcomeOf({ ...played, ownDeaths: [death] }).faults).toEqual([death]);
  });

  it('counts that only, where a service may end itself', () => {
    const { figures, faults } = outcomeOf({ ...played, ownDeaths: [death], mayEndItself: true });
    expect(faults).toEqual([]);
    expect(figures).toMatchObject({ 'died by themselves': 1 });
  });

  it('has the faults of each part, and of what was verified', () => {
    const parts = [
      { figures: {}, faults: ['a'] },
      { figures: {}, faults: ['b'] },
    ];
    const found = { ...verification, refused: 1, faults: ['c'] };
    expect(outcomeOf({ ...played, parts, verification: found }).faults).toEqual([
      'a',
      'b',
      '1 reports were refused for good',
      'c',
    ]);
  });
});
