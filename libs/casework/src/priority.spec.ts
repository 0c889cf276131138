import { describe, expect, it } from '@jest/globals';
import { isoTime } from '@ringside/core';
import type { RingsideEvent } from '@ringside/events';
import { aReport, caseHistories, play, progressed, weighed } from '@ringside/testing';
import fc from 'fast-check';

import type { CaseFile } from './case-file.js';
import { caseFiles } from './case-files.js';
import { caseIdOf, type CaseRules } from './case-rules.js';
import { priorityOf, urgencyOf, type Priority } from './priority.js';

const rules: CaseRules = {
  team: 'abuse',
  captures: () => true,
  weigh: (reason) => (reason === 'threat' ? { severity: 9, decideWithinHours: 12 } : { severity: 2, decideWithinHours: 168 }),
};
const of = { team: 'abuse', game: 'stormfall', subjectId: 'subject-1' };
const now = '2026-01-31T12:00:00.000Z';
const caseFrom = (...events: readonly RingsideEvent[]): CaseFile =>
  play([caseFiles(rules)], events).get(`cases/${caseIdOf('abuse', 'stormfall', 'subject-1')}/case`) as unknown as CaseFile;
const reportedBy = (reporters: number, reason = 'threat'): CaseFile =>
  caseFrom(...Array.from({ length: reporters }, (_, i) => aReport({ reason, reporterId: `r${i}` })));
const factorsOf = ({ factors }: Priority): Record<string, number> =>
  Object.fromEntries(factors.map(({ name, value }) => [name, value]));

describe('priorityOf', () => {
  it('takes the gravest reason that is open', () => {
    const [grave, mild] = [aReport({ reason: 'threat' }), aReport({ reason: 'spam' })];
    const covering = progressed(of, { decision: { reportIds: [grave.data.reportId] } });
    expect(factorsOf(priorityOf(caseFrom(grave, mild), rules, now))).toMatchObject({ severity: 9 });
    expect(factorsOf(priorityOf(caseFrom(grave, mild, covering), rules, now))).toMatchObject({
      severity: 2,
    });
  });

  it.each([
    [1, 1],
    [2, 2],
    [3, 2],
    [4, 3],
    [7, 3],
    [8, 4],
  ])('counts %i reporters as %i', (reporters, factor) => {
    expect(factorsOf(priorityOf(reportedBy(reporters), rules, now))).toMatchObject({ reporters: factor });
  });

  it('counts reporters for as much as they are believed', () => {
    const doubt = weighed(of, { revision: 1, reporter: { reporterId: 'reporter-1', credibility: 25 } });
    const { factors } = priorityOf(caseFrom(aReport(), doubt), rules, now);
    expect(factors[1]).toMatchObject({ name: 'reporters', value: 0.25, because: expect.stringContaining('count as 0.25') });
  });

  it('halves in 72 hours without a report, doubles in 72 hours nearer to the deadline, and rises with strikes', () => {
    const file = caseFrom(aReport({ reason: 'spam' }), weighed(of, { revision: 1, priorStrikes: 3 }));
    expect(factorsOf(priorityOf(file, rules, now))).toMatchObject({ recency: 1, strikes: 1.75, deadline: 2 ** (-168 / 72) });
    expect(factorsOf(priorityOf(file, rules, '2026-02-03T12:00:00.000Z'))).toMatchObject({
      recency: 0.5,
      deadline: 2 ** (-96 / 72),
    });
  });

  it('goes before everything for a reason that does, in every list and whatever the others score', () => {
    const withFirst: CaseRules = {
      ...rules,
      weigh: (reason) => ({ ...rules.weigh(reason), ...(reason === 'self_harm' && { first: true as const }) }),
    };
    const crowd = Array.from({ length: 9 }, (_, i) =>
      aReport({ reason: 'threat', reporterId: `r${i}`, filedAt: '2016-01-31T12:00:00.000Z' }),
    );
    // The clock of ten years, and a report of today: as urgent as any other case gets.
    const rows = play(
      [caseFiles(withFirst)],
      [...crowd, aReport({ reason: 'threat' }), aReport({ reason: 'self_harm', subjectId: 's2' })],
    );
    const keys = [...rows.keys()]
      .filter((name) => name.startsWith('case_lists/open/all/priority/'))
      .map((name) => name.split('/').slice(5).join('/'));
    expect(keys).toHaveLength(2);
    expect(keys.sort()[0]).toContain(caseIdOf('abuse', 'stormfall', 's2'));
    const file = rows.get(`cases/${caseIdOf('abuse', 'stormfall', 's2')}/case`) as unknown as CaseFile;
    const { score, factors } = priorityOf(file, withFirst, now);
    expect(factors[0]).toMatchObject({ name: 'first', because: expect.stringContaining('self_harm goes before everything') });
    expect(factors.reduce((product, { value }) => product * value, 1)).toBeCloseTo(score, 3);
    expect(urgencyOf(file, withFirst) - urgencyOf(file, rules)).toBe(4_096);
  });

  it('is nothing where nothing is open', () => {
    const report = aReport();
    const file = caseFrom(report, progressed(of, { decision: { reportIds: [report.data.reportId] } }));
    expect(priorityOf(file, rules, now).score).toBe(0);
    expect(urgencyOf(file, rules)).toBe(-Infinity);
  });

  it('names each factor with a sentence, and their product is the score', () => {
    const { score, factors } = priorityOf(reportedBy(5), rules, '2026-01-31T15:00:00.000Z');
    expect(factors.map(({ name }) => name)).toEqual(['severity', 'reporters', 'recency', 'strikes', 'deadline']);
    expect(factors.map(({ because }) => because)).toEqual([
      'threat is the gravest reason that is open.',
      '5 players reported what is open; each doubling adds one.',
      'The last open report came in about 3 hours ago; 72 hours count half.',
      'The player has no strikes.',
      'It is due in 9 hours; 72 hours nearer count twice.',
    ]);
    expect(factors.reduce((product, { value }) => product * value, 1)).toBeCloseTo(score, 9);
  });

  it('says of a report of this hour that it came in within the last one', () => {
    const { factors } = priorityOf(reportedBy(1), rules, '2026-01-31T12:40:00.000Z');
    expect(factors[2]!.because).toBe('The last open report came in within the last hour; 72 hours count half.');
  });

  it('orders any two cases alike at any time, as the lists have them', () => {
    const times = fc.array(fc.integer({ min: -3_000, max: 9_000 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(caseHistories('abuse'), times, (events, hours) => {
        const rows = play([caseFiles(rules)], events);
        const files = [...rows].flatMap(([name, row]) => (name.endsWith('/case') ? [row as unknown as CaseFile] : []));
        for (const hour of hours) {
          const at = isoTime(Date.parse(now) + hour * 3_600_000);
          for (const file of files) {
            const { score } = priorityOf({ ...file, heldSince: null }, rules, at);
            if (score === 0) expect(urgencyOf(file, rules)).toBe(-Infinity);
            else expect(Math.log2(score)).toBeCloseTo(urgencyOf(file, rules), 6);
          }
        }
        const listed = [...rows]
          .filter(([name]) => /^case_lists\/open\/all\/priority/.test(name))
          .map(([name]) => name.split('/'));
        const inOrder = listed
          .sort((a, b) => (a.slice(5).join('/') < b.slice(5).join('/') ? -1 : 1))
          .map((parts) => parts.at(-1)!);
        const urgencies = inOrder.map((id) =>
          urgencyOf(
            files.find(({ caseId }) => caseId === id)!,
            rules,
          ),
        );
        for (let i = 1; i < urgencies.length; i++) expect(urgencies[i - 1]!).toBeGreaterThanOrEqual(urgencies[i]! - 1e-6);
      }),
    );
  });
});
