import { describe, expect, it } from '@jest/globals';
import { isoTime } from '@ringside/core';
import { credibilityMax, credibilityMin } from '@ringside/events';
import fc from 'fast-check';

import {
  credibilitiesOf,
  credibilityOf,
  isReporterSuppressed,
  restoredStanding,
  standingAfter,
  standingAt,
} from './credibility.js';
import { credibilityNeutral, type Outcome } from './counting.js';
import type { ReporterStanding } from './reporters.js';
import { reportingPolicyDefaults } from './reporting-policy.js';

const policy = {
  ...reportingPolicyDefaults,
  ...{ credibilityOutcomesMin: 2, standingOutcomesMin: 4, unfoundedShare: 0.75, outcomesAfterWarning: 2, suppressionDays: 14 },
};
const day = (number: number): string => isoTime(Date.UTC(2026, 0, number, 12));
const now = day(20);

/** Outcomes on days one after the other: `+` was founded, `-` was not. */
const outcomes = (signs: string, from = 1, reason = 'aimbot'): Outcome[] =>
  [...signs].map((sign, i) => ({ reportId: `r${from + i}`, reason, filedAt: day(from + i), founded: sign === '+' }));
const standing = (given: Partial<ReporterStanding> = {}): ReporterStanding => ({
  ...{ revision: 3, standing: 'good', since: null, until: null, decided: 4, unfounded: 0, credibility: {}, by: 'system' },
  ...{ eventId: 'e1', at: day(1) },
  ...given,
});
const warned = (given: Partial<ReporterStanding> = {}) => standing({ standing: 'warned', since: day(10), ...given });
const suppressed = (given: Partial<ReporterStanding> = {}) =>
  standing({ standing: 'suppressed', since: day(10), until: day(24), ...given });
const after = (known: ReporterStanding | undefined, some: readonly Outcome[], at = now) =>
  standingAfter(known, some, { policy, at });

describe('how far a reporter is believed', () => {
  it('is neutral where half of the reports were founded, and nothing is known', () => {
    expect([credibilityOf(0, 0), credibilityOf(1, 2), credibilityOf(50, 100)]).toEqual([100, 100, 100]);
  });

  it('goes from the least to the most, faster with the first reports than with later ones', () => {
    expect([credibilityOf(0, 1), credibilityOf(1, 1), credibilityOf(0, 8), credibilityOf(8, 8)]).toEqual([70, 117, 28, 140]);
    expect([credibilityOf(0, 100_000), credibilityOf(100_000, 100_000)]).toEqual([credibilityMin, credibilityMax]);
  });

  it('rises with each founded report, falls with each unfounded one, and keeps within its bounds', () => {
    fc.assert(
      fc.property(fc.nat(200), fc.nat(200), (founded, unfounded) => {
        const now = credibilityOf(founded, founded + unfounded);
        expect(now).toBeGreaterThanOrEqual(credibilityMin);
        expect(now).toBeLessThanOrEqual(credibilityMax);
        expect(Number.isInteger(now)).toBe(true);
        expect(credibilityOf(founded + 1, founded + unfounded + 1)).toBeGreaterThanOrEqual(now);
        expect(credibilityOf(founded, founded + unfounded + 1)).toBeLessThanOrEqual(now);
        expect(Math.sign(now - credibilityNeutral)).toBe(Math.sign(founded - unfounded) === 0 ? 0 : Math.sign(now - 100));
      }),
    );
  });

  it('is said by reason, in the order of the reasons, where enough was decided and it is not neutral', () => {
    const some = [
      ...outcomes('--', 1, 'macro'),
      ...outcomes('++', 3),
      ...outcomes('+-', 5, 'spam'),
      ...outcomes('-', 7, 'threat'),
    ];
    for (const order of [some, some.toReversed()])
      expect(Object.entries(credibilitiesOf(order, policy))).toEqual([
        ['aimbot', 125],
        ['macro', 55],
      ]);
    expect(credibilitiesOf([], policy)).toEqual({});
  });
});

describe('the standing of a reporter at a time', () => {
  it('is good where nothing is known, and what was said last until it ends', () => {
    expect(standingAt(undefined, now)).toBe('good');
    expect(standingAt(warned(), now)).toBe('warned');
    expect([day(23), day(24), day(25)].map((at) => standingAt(suppressed(), at))).toEqual(['suppressed', 'warned', 'warned']);
    expect(standingAt(warned({ until: day(11) }), now)).toBe('warned');
    expect(standingAt(suppressed({ until: null }), day(90))).toBe('suppressed');
  });

  it('leaves out what is filed from the moment of suppression until its end', () => {
    const at = [day(9), day(10), day(23), day(24)];
    expect(at.map((one) => isReporterSuppressed(suppressed(), one))).toEqual([false, true, true, false]);
    expect(isReporterSuppressed(warned({ until: day(24) }), day(11))).toBe(false);
    expect(isReporterSuppressed(undefined, now)).toBe(false);
  });
});

describe('what becomes of a reporter’s standing', () => {
  it('is nothing while too little was decided, or enough of it was founded', () => {
    expect(after(undefined, [])).toBeUndefined();
    const tooFew = after(undefined, outcomes('---'));
    expect(tooFew).toMatchObject({ revision: 1, standing: 'good', since: null, until: null });
    expect(after(undefined, outcomes('--++'))).toBeUndefined();
    expect(after(undefined, outcomes('+--+-'))).toMatchObject({ standing: 'good' });
  });

  it('is a warning where reports are mostly unfounded', () => {
    for (const signs of ['----', '+---'])
      expect(after(undefined, outcomes(signs))).toEqual({
        ...{ revision: 1, standing: 'warned', since: now, until: null, decided: 4, by: 'system' },
        unfounded: signs === '----' ? 4 : 3,
        credibility: { aimbot: signs === '----' ? 40 : 70 },
      });
  });

  it('is suppression where that goes on after the warning, and not for what was filed before it', () => {
    const known = warned({ credibility: { aimbot: 33 } });
    expect(after(known, outcomes('-----', 6))).toBeUndefined();
    expect(after(known, outcomes('------', 6))).toBeUndefined();
    expect(after(warned(), outcomes('------', 6))).toMatchObject({
      standing: 'warned',
      since: day(10),
      until: null,
      revision: 4,
    });
    expect(after(known, outcomes('-------', 6))).toMatchObject({
      ...{ standing: 'suppressed', since: now, until: isoTime(Date.parse(now) + 14 * 86_400_000), revision: 4 },
      ...{ decided: 7, unfounded: 7 },
    });
    expect(after(known, [...outcomes('-----', 6), ...outcomes('++', 11)])).toMatchObject({ standing: 'good', since: null });
  });

  it('begins anew with the warning that a suppression leaves when it ends', () => {
    const known = suppressed({ credibility: { aimbot: 10 } });
    expect(after(known, outcomes('--------', 12))).toMatchObject({ standing: 'suppressed', since: day(10), until: day(24) });
    expect(after(known, outcomes('-------', 12), day(24))).toMatchObject({ standing: 'warned', since: day(24), until: null });
    expect(after(known, outcomes('-------', 20), day(30))).toMatchObject({ standing: 'suppressed', since: day(30) });
  });

  it('is good again where reports are better, in favour of whoever was warned', () => {
    expect(after(warned(), outcomes('++++'))).toMatchObject({ standing: 'good', since: null, until: null, unfounded: 0 });
    expect(after(warned(), outcomes('--'))).toMatchObject({ standing: 'good' });
    expect(after(suppressed(), outcomes('++++'))).toMatchObject({ standing: 'suppressed', credibility: { aimbot: 133 } });
  });

  it('is not said again where it stays so and nobody is believed otherwise by much', () => {
    const believed = (aimbot: number, signs = '++++') => after(standing({ credibility: { aimbot } }), outcomes(signs));
    expect([129, 133, 137].map((was) => believed(was))).toEqual([undefined, undefined, undefined]);
    expect([128, 138].map((was) => believed(was)?.credibility)).toEqual([{ aimbot: 133 }, { aimbot: 133 }]);
    // From neutral or to it is always worth saying.
    expect(after(standing({ credibility: { aimbot: 103 } }), outcomes('+-'))).toMatchObject({ credibility: {} });
    expect(after(standing({ credibility: { macro: 97 } }), [])).toMatchObject({ standing: 'good', credibility: {} });
  });

  it('is what a lead makes of it: good, with all that is known of the reports', () => {
    const known = suppressed({ decided: 9, unfounded: 8, credibility: { aimbot: 20 } });
    expect(restoredStanding(known, 'lea')).toEqual({
      ...{ revision: 4, standing: 'good', since: null, until: null },
      ...{ decided: 9, unfounded: 8, credibility: { aimbot: 20 }, by: 'lea' },
    });
  });
});
