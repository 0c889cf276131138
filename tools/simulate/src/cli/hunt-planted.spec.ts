import { describe, expect, it } from '@jest/globals';

import { noTally, type Failure } from '../run/tally.js';
import { catchOf, hunted } from './hunt-planted.js';

const bug = { name: 'loses-it', what: 'It is lost.', withinSeeds: 50, fault: /does not have it/ };
const failure = (seed: number, ...faults: readonly string[]): Failure => ({ options: { seed }, faults, hasEnded: true });

describe('a planted bug', () => {
  it('is caught by its own fault and by no other, at the lowest seed that has it', () => {
    const failures = [
      failure(9, 'The log does not have it.'),
      failure(3, 'It is stuck.'),
      failure(7, 'Late.', 'He does not have it.'),
    ];
    expect(catchOf(bug, failures)).toEqual({ seed: 7, fault: 'He does not have it.' });
    expect(catchOf(bug, [failure(3, 'It is stuck.')])).toBeUndefined();
  });

  it('is found where its seed passes without it', () => {
    const caught = { seed: 17, fault: 'The log does not have it.' };
    const passed = { ...noTally, runs: 1 };
    expect(hunted(bug, { caught, without: passed, fromSeed: 11 })).toMatchObject({ isFound: true, foundAt: 7 });
    const failed = { ...passed, failures: [failure(17, 'The log does not have it.')] };
    expect(hunted(bug, { caught, without: failed, fromSeed: 11 })).toMatchObject({ isFound: false });
    expect(hunted(bug, { caught, without: noTally, fromSeed: 11 })).toMatchObject({ isFound: false });
    expect(hunted(bug, { caught: undefined, without: passed, fromSeed: 11 })).toMatchObject({ isFound: false });
  });
});
