import { describe, expect, it } from '@jest/globals';
import type { RingsideEvent } from '@ringside/events';
import { aReport, caseHistories, contestedCases, play, progressed, weighed } from '@ringside/testing';
import fc from 'fast-check';

import type { CaseFile } from './case-file.js';
import { caseFiles } from './case-files.js';
import { caseId, of, rules } from './cheating-case.fixture.js';

const fileOf = (...events: readonly RingsideEvent[]): CaseFile =>
  play([caseFiles(rules)], events).get(`cases/${caseId}/case`) as unknown as CaseFile;

const hour = (at: string): string => `2026-01-31T${at}:00:00.000Z`;
const step = progressed(of, {
  ...{ caseVersion: 4, claim: { by: 'ada', until: hour('14') }, acknowledgedAt: hour('12'), heldSince: hour('13') },
  ...{ pausedMs: 9, escalated: true },
});

describe('how a case stands', () => {
  const stands = { streamVersion: 4, claim: { by: 'ada', until: hour('14') }, acknowledgedAt: hour('12') };
  const whole = { ...stands, heldSince: hour('13'), pausedMs: 9, escalated: true };

  it('is what its last step says, whatever comes behind that', () => {
    expect(fileOf(aReport(), step)).toMatchObject(whole);
    expect(fileOf(step, progressed(of, { caseVersion: 3 }), aReport(), weighed(of, { revision: 1 }))).toMatchObject(whole);
    const next = fileOf(step, progressed(of, { caseVersion: 5 }));
    expect(next).toMatchObject({ streamVersion: 5, claim: null, acknowledgedAt: null, heldSince: null });
    expect(next).toMatchObject({ pausedMs: 0, escalated: false });
  });

  it('is nothing at all before the first', () => {
    const nothing = { streamVersion: 0, claim: null, acknowledgedAt: null, heldSince: null, pausedMs: 0, escalated: false };
    expect(fileOf(aReport())).toMatchObject({ ...nothing, strikes: { prior: 0, revision: 0 }, decisions: {} });
    expect(Object.keys(fileOf(aReport()))).not.toContain('terms');
  });
});

describe('when its reports were filed', () => {
  it('is kept of the first and of the last that ever came, in any order', () => {
    const reports = ['10', '09', '11'].map((at) => aReport({ filedAt: hour(at) }));
    for (const events of [reports, reports.toReversed(), [...reports.slice(1), reports[0]!]])
      expect(fileOf(...events, step)).toMatchObject({ firstReportedAt: hour('09'), lastReportedAt: hour('11') });
    expect(fileOf(step)).toMatchObject({ firstReportedAt: null, lastReportedAt: null });
  });
});

describe('the home region of its subject', () => {
  const home = (subjectHomeRegion: string) => aReport({ subjectHomeRegion });
  const stepIn = (homeRegion: string) => progressed(of, { homeRegion });

  it.each<[string, readonly RingsideEvent[], string]>([
    ['a report', [home('us')], 'us'],
    ['a step', [stepIn('us')], 'us'],
    ['the same one of two, whichever comes first', [home('us'), stepIn('eu')], 'eu'],
    ['the same one of two reports', [home('us'), home('eu'), home('us')], 'eu'],
    ['nobody, where nothing but a weighing came', [weighed(of, { revision: 1, priorStrikes: 1 })], ''],
    ['a report behind a weighing', [weighed(of, { revision: 1, priorStrikes: 1 }), home('us')], 'us'],
  ])('is what %s says', (_, events, expected) => {
    expect(fileOf(...events).homeRegion).toBe(expected);
    expect(fileOf(...events.toReversed()).homeRegion).toBe(expected);
  });
});

describe('the rows of cases', () => {
  /** Figures are added up by whoever reads them. */
  const bytesOf = (events: readonly RingsideEvent[]): string =>
    JSON.stringify([...play([caseFiles(rules)], events)].filter(([name]) => !name.startsWith('queue_figures/')));
  const inTwoOrders = (events: readonly RingsideEvent[]) =>
    fc.tuple(fc.constant(events), fc.shuffledSubarray([...events], { minLength: events.length }));

  // The order of fields as well: whoever compares a rebuilt view with the one before compares bytes.
  it('have the same bytes in whichever order the events come', () => {
    fc.assert(
      fc.property(caseHistories('cheating').chain(inTwoOrders), ([events, others]) => {
        expect(bytesOf(others)).toBe(bytesOf(events));
      }),
    );
  });

  it('have them as well where several regions worked on a case', () => {
    const contested = contestedCases(of).chain(({ reports, steps }) => inTwoOrders([...reports, ...steps]));
    fc.assert(fc.property(contested, ([events, others]) => expect(bytesOf(others)).toBe(bytesOf(events))));
  });
});
