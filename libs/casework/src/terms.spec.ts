import { describe, expect, it } from '@jest/globals';
import { stepsPerTerm, termsMax, type RingsideEvent } from '@ringside/events';
import { contestedCases, play, type PlayedView } from '@ringside/testing';
import fc from 'fast-check';

import type { CaseFile } from './case-file.js';
import { caseFiles } from './case-files.js';
import { partsOf, revisionsPerStep, versionOf } from './case-version.js';
import { counterOf, firstVersionOf, isSuperseded, termOf, versionIn, withTerm, type Terms } from './terms.js';
import { caseId, of, rules } from './cheating-case.fixture.js';

describe('a version', () => {
  it('has its term and its count, and of two the later term is higher', () => {
    const version = versionIn(3, 41);
    expect([termOf(version), counterOf(version)]).toEqual([3, 41]);
    expect(versionIn(3, 1)).toBeGreaterThan(versionIn(2, stepsPerTerm - 1));
    expect(versionIn(0, 41)).toBe(41);
  });

  it('stays, with the revision of its case, an integer that is counted exactly', () => {
    const highest = versionOf({ streamVersion: versionIn(termsMax, stepsPerTerm - 1), revision: revisionsPerStep - 1 });
    expect(Number.isSafeInteger(highest)).toBe(true);
    expect(highest).toBe(2 ** 52 - 1);
    expect(partsOf(highest)).toEqual({ streamVersion: versionIn(termsMax, stepsPerTerm - 1), revision: revisionsPerStep - 1 });
  });

  it('of a new term goes on counting, from an earlier term alone', () => {
    expect(firstVersionOf(1, 4)).toBe(versionIn(1, 5));
    expect(firstVersionOf(2, 0)).toBe(versionIn(2, 1));
    expect(() => firstVersionOf(1, versionIn(1, 3))).toThrow(RangeError);
    expect(() => firstVersionOf(termsMax + 1, 0)).toThrow(RangeError);
  });
});

describe('a superseded step', () => {
  const at = (term: number, counter: number): number => versionIn(term, counter);

  it('is one behind what a later term goes on from', () => {
    const terms: Terms = { 1: at(0, 4) };
    expect([at(0, 4), at(0, 5), at(1, 5), at(1, 9)].map((version) => isSuperseded(version, terms))).toEqual([
      false,
      true,
      false,
      false,
    ]);
    expect(isSuperseded(at(0, 5), undefined)).toBe(false);
  });

  it('is any of a term that the history leads past, also one before the count at which the last began', () => {
    const terms: Terms = { 1: at(0, 4), 2: at(0, 6) };
    expect([at(0, 5), at(0, 6), at(1, 5), at(1, 9), at(0, 7), at(2, 7)].map((version) => isSuperseded(version, terms))).toEqual(
      [false, false, true, true, true, false],
    );
  });

  it('is, where nothing has come of a term that the history leads through, any from the count at which that was left', () => {
    const terms: Terms = { 2: at(1, 7) };
    expect([at(0, 6), at(0, 7), at(0, 8), at(1, 7), at(1, 8), at(2, 8)].map((version) => isSuperseded(version, terms))).toEqual(
      [false, true, true, false, true, false],
    );
  });

  it('is none of a term that is not known yet', () => {
    expect([at(2, 1), at(3, 90)].map((version) => isSuperseded(version, { 1: at(0, 4) }))).toEqual([false, false]);
  });

  it('does not depend on the order in which terms become known', () => {
    const known = (...steps: readonly (readonly [number, number])[]): Terms | undefined =>
      steps.reduce<Terms | undefined>((terms, [version, basedOn]) => withTerm(terms, version, basedOn), undefined);
    const steps = [
      [at(2, 8), at(1, 7)],
      [at(1, 5), at(0, 4)],
      [at(1, 6), at(0, 4)],
    ] as const;
    expect(JSON.stringify(known(...steps))).toBe(JSON.stringify(known(...steps.toReversed())));
  });
});

const rowsOf = (...events: readonly RingsideEvent[]): PlayedView => play([caseFiles(rules)], events);
const fileIn = (rows: PlayedView): CaseFile => rows.get(`cases/${caseId}/case`) as unknown as CaseFile;

/** All that the team works with: without the record of what came, and of what was lost. */
function workedWith(rows: PlayedView): object {
  const { revision: _revision, terms: _terms, decisions, ...file } = fileIn(rows);
  const standing = Object.entries(decisions).filter(([, { state }]) => state !== 'superseded');
  const others = [...rows].filter(([name]) => !/^case_(history|timeline)\/|\/(case|decision\/[^/]*|mark\/[^/]*)$/.test(name));
  return { file, decisions: standing, others };
}

const contested = contestedCases(of).chain((one) => {
  const events: readonly RingsideEvent[] = [...one.reports, ...one.steps];
  return fc.record({ one: fc.constant(one), inAnyOrder: fc.shuffledSubarray([...events], { minLength: events.length }) });
});

describe('a case on which several regions worked', () => {
  it('is the same in every region, in whichever order the steps of the terms come', () => {
    fc.assert(
      fc.property(contested, ({ one, inAnyOrder }) => {
        expect([...rowsOf(...inAnyOrder)]).toEqual([...rowsOf(...one.reports, ...one.steps)]);
      }),
      { numRuns: 400 },
    );
  });

  it('is what the last term and what it goes on from make of it, and nothing that was superseded has any effect', () => {
    fc.assert(
      fc.property(contested, ({ one, inAnyOrder }) => {
        expect(workedWith(rowsOf(...inAnyOrder))).toEqual(workedWith(rowsOf(...one.reports, ...one.history)));
      }),
      { numRuns: 400 },
    );
  });

  it('shows every decision that was made, the lost ones as superseded', () => {
    fc.assert(
      fc.property(contested, ({ one, inAnyOrder }) => {
        const shown = fileIn(rowsOf(...inAnyOrder)).decisions;
        const made = one.steps.flatMap(({ data }) => data.decision?.decisionId ?? []);
        const standing = new Set(one.history.flatMap(({ data }) => data.decision?.decisionId ?? []));
        expect(Object.keys(shown)).toEqual([...new Set(made)].sort());
        for (const [id, { state }] of Object.entries(shown)) expect(state === 'superseded').toBe(!standing.has(id));
      }),
    );
  });

  it('would have decisions in effect that nobody stands by, if terms were not heeded, and these properties find it', () => {
    const heedless = fc.check(
      fc.property(contested, ({ one, inAnyOrder }) => {
        const without = inAnyOrder.map((event) => {
          if (event.type !== 'CaseProgressed') return event;
          const { basedOn: _, ...data } = event.data;
          return { ...event, data };
        });
        expect(workedWith(rowsOf(...without))).toEqual(workedWith(rowsOf(...one.reports, ...one.history)));
      }),
    );
    expect(heedless.failed).toBe(true);
  });
});
