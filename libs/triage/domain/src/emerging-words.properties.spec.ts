import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import {
  emergingWords,
  emergingWordsMax,
  reportersPerWordMin,
  subjectsPerWordMin,
  type WordedReport,
} from './emerging-reasons.js';

const middle = '2026-01-30';
const report: fc.Arbitrary<WordedReport> = fc.record({
  reporterId: fc.constantFrom('r1', 'r2', 'r3', 'r4'),
  subjectId: fc.constantFrom('s1', 's2', 's3'),
  reason: fc.constantFrom('other', 'unfair_map'),
  day: fc.constantFrom('2026-01-28', '2026-01-29', middle, '2026-01-31'),
  game: fc.constantFrom('stormfall', 'kickoff', '__proto__'),
  words: fc.uniqueArray(fc.constantFrom('lag', 'map', 'spawn', 'ladder', '__proto__'), { maxLength: 4 }),
});
const reports = fc.array(report, { maxLength: 30 });
const namesOf = (some: readonly WordedReport[], field: 'reporterId' | 'subjectId'): number =>
  new Set(some.map((one) => one[field])).size;

describe('the words that unowned reports have in common', () => {
  it('are never those of few people, or about few players, and all others are shown', () => {
    fc.assert(
      fc.property(reports, (all) => {
        const shown = new Set(emergingWords(all, middle).map(({ word }) => word));
        for (const word of new Set(all.flatMap(({ words }) => words))) {
          const using = all.filter(({ words }) => words.includes(word));
          const isShared =
            namesOf(using, 'reporterId') >= reportersPerWordMin && namesOf(using, 'subjectId') >= subjectsPerWordMin;
          expect([word, shown.has(word)]).toEqual([word, isShared]);
        }
      }),
    );
  });

  it('have figures that add up to the reports that use them, the most common first', () => {
    fc.assert(
      fc.property(reports, (all) => {
        const words = emergingWords(all, middle);
        for (const one of words) {
          const using = all.filter((each) => each.words.includes(one.word));
          expect(one.reports).toBe(using.length);
          for (const counts of [one.byGame, one.byDay, one.byReason]) {
            expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(using.length);
            expect(Object.values(counts).every((count) => count > 0)).toBe(true);
          }
          // In hundredths, so half of one away at most.
          const share = using.filter(({ day }) => day >= middle).length / using.length;
          expect(Math.abs(one.recentShare - share)).toBeLessThanOrEqual(0.005 + Number.EPSILON);
        }
        const order = words.map(({ reporters, reports: count }) => reporters * 100 + count);
        expect(order).toEqual(order.toSorted((a, b) => b - a));
        expect(words.length).toBeLessThanOrEqual(emergingWordsMax);
      }),
    );
  });

  it('are the same bytes in whichever order the reports are read', () => {
    const twice = reports.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })));
    fc.assert(
      fc.property(twice, ([all, others]) => {
        expect(JSON.stringify(emergingWords(others, middle))).toBe(JSON.stringify(emergingWords(all, middle)));
      }),
    );
  });
});
