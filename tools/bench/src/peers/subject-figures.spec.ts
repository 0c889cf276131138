import { describe, expect, it } from '@jest/globals';

import { figuresOf, rowsOf, summaryOf, viewOfRows, withReport, type Reported, type SubjectFigures } from './subject-figures.js';

const report = (subjectId: string, reason: Reported['reason'], filedAt: string): Reported => ({
  subjectId,
  reason,
  filedAt: filedAt as Reported['filedAt'],
});
const reports = [
  report('one', 'aimbot', '2026-01-31T12:00:02.000Z'),
  report('one', 'aimbot', '2026-01-31T12:00:01.000Z'),
  report('one', 'spam', '2026-01-31T12:00:03.000Z'),
  report('two', 'aimbot', '2026-01-31T12:00:04.000Z'),
];

describe('figures of subjects', () => {
  it('count reports of each kind, with the first and the last time whatever the order', () => {
    expect(Object.fromEntries(figuresOf(reports))).toEqual({
      one: {
        aimbot: { reports: 2, firstAt: '2026-01-31T12:00:01.000Z', lastAt: '2026-01-31T12:00:02.000Z' },
        spam: { reports: 1, firstAt: '2026-01-31T12:00:03.000Z', lastAt: '2026-01-31T12:00:03.000Z' },
      },
      two: { aimbot: { reports: 1, firstAt: '2026-01-31T12:00:04.000Z', lastAt: '2026-01-31T12:00:04.000Z' } },
    });
  });

  it('are the same report by report', () => {
    const one = reports.filter(({ subjectId }) => subjectId === 'one');
    expect(one.reduce<SubjectFigures>(withReport, {})).toEqual(figuresOf(reports).get('one'));
  });

  it('survive the way into rows and back', () => {
    const view = figuresOf(reports);
    expect(viewOfRows(rowsOf(view))).toEqual(view);
  });
});

describe('summaryOf', () => {
  it('does not depend on the order of subjects', () => {
    expect(summaryOf(figuresOf([...reports].reverse()))).toEqual(summaryOf(figuresOf(reports)));
    expect(summaryOf(figuresOf(reports))).toMatchObject({ reports: 4, subjects: 2 });
  });

  it('differs where a figure does, though the counts agree', () => {
    const moved = [...reports.slice(0, 3), report('two', 'spam', '2026-01-31T12:00:04.000Z')];
    const later = [...reports.slice(0, 3), report('two', 'aimbot', '2026-01-31T12:00:05.000Z')];
    const digests = [reports, moved, later].map((some) => summaryOf(figuresOf(some)).digest);
    expect(new Set(digests).size).toBe(3);
  });
});
