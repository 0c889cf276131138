import { describe, expect, it } from '@jest/globals';
import { stepsPerTerm, termsMax } from '@ringside/events';
import fc from 'fast-check';

import { partsOf, revisionsPerStep, versionOf } from './case-version.js';
import { versionIn } from './terms.js';

describe('the version of a case', () => {
  const streamVersion = fc.tuple(fc.nat(termsMax), fc.nat(stepsPerTerm - 1)).map(([term, counter]) => versionIn(term, counter));
  const parts = fc.record({ streamVersion, revision: fc.nat(revisionsPerStep - 1) });

  it('is an integer that says how far the steps and the reports had come', () => {
    fc.assert(
      fc.property(parts, (seen) => {
        expect(Number.isSafeInteger(versionOf(seen))).toBe(true);
        expect(partsOf(versionOf(seen))).toEqual(seen);
      }),
    );
  });

  it('rises with each step and with each report, and steps come before reports', () => {
    fc.assert(
      fc.property(parts, parts, (a, b) => {
        const bySteps = a.streamVersion - b.streamVersion || a.revision - b.revision;
        expect(Math.sign(versionOf(a) - versionOf(b))).toBe(Math.sign(bySteps));
      }),
    );
  });

  it('stays below that of the next step, however many reports come', () => {
    const most = versionOf({ streamVersion: 7, revision: revisionsPerStep + 5 });
    expect(most).toBe(versionOf({ streamVersion: 7, revision: revisionsPerStep - 1 }));
    expect(most).toBeLessThan(versionOf({ streamVersion: 8, revision: 0 }));
  });
});
