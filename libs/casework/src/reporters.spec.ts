import { describe, expect, it } from '@jest/globals';
import { createEvent, reporterStandingChanged, type ReporterStandingChanged, type RingsideEvent } from '@ringside/events';
import { aReport, play, rerouted } from '@ringside/testing';

import { caseIdOf, type CaseRules } from './case-rules.js';
import { filedReports } from './reporters.js';

const rules: CaseRules = {
  team: 'cheating',
  captures: (reason) => reason === 'aimbot',
  weigh: () => ({ severity: 5, decideWithinHours: 72 }),
};
const time = '2026-01-31T12:00:00.000Z';
const changed = (
  revision: number,
  standing: 'good' | 'warned',
  given: Partial<ReporterStandingChanged['data']> & { readonly id?: string } = {},
): ReporterStandingChanged => {
  const { id, ...others } = given;
  return createEvent(reporterStandingChanged, {
    data: {
      ...{ reporterId: 'reporter-1', team: 'cheating', revision, standing, since: null, until: null },
      ...{ decided: 4, unfounded: 3, credibility: { aimbot: 70 }, by: 'system' },
      ...others,
    },
    ...{ time, region: 'eu', source: 'cheating-team' },
    ...(id !== undefined && { id }),
  });
};
const view = (...events: readonly RingsideEvent[]) => Object.fromEntries(play([filedReports(rules)], events));
const caseId = caseIdOf('cheating', 'stormfall', 'subject-1');

describe('FiledReports', () => {
  const report = aReport();
  const { reportId, filedAt } = report.data;

  it('has what a player reported and this team captured, as it was filed', () => {
    const filed = { reportId, caseId, game: 'stormfall', subjectId: 'subject-1', reason: 'aimbot', filedAt };
    const rows = { [`player_filed_reports/reporter-1/filed/${filedAt}/${reportId}`]: filed };
    expect(view(report)).toEqual(rows);
    expect(view(report, rerouted(report, 'harassment'))).toEqual(rows);
    const other = aReport({ reason: 'harassment' });
    expect(view(other, rerouted(other, 'aimbot'))).toEqual({});
    expect(filedReports(rules)).toMatchObject({ name: 'FiledReports', tables: ['player_filed_reports'] });
  });

  it('has how far the team believes the player, by what was said last', () => {
    const last = changed(2, 'warned');
    const { reporterId: _, team: __, ...said } = last.data;
    const row = { 'player_filed_reports/reporter-1/standing': { ...said, eventId: last.id, at: time } };
    expect(view(changed(1, 'good'), last)).toEqual(row);
    expect(view(last, changed(1, 'good'))).toEqual(row);
    expect(view(changed(3, 'good', { team: 'abuse' }), last)).toEqual(row);
  });

  it('goes by the same one of two that were said at once, whichever comes first', () => {
    const ids = ['019c13ec-9e00-7242-a7a3-75f10d467120', '019c13ec-9e00-7242-a7a3-75f10d467121'] as const;
    const [one, two] = [changed(2, 'warned', { id: ids[0] }), changed(2, 'good', { id: ids[1] })];
    for (const events of [
      [one, two],
      [two, one],
      [two, one, two],
    ])
      expect(view(...events)['player_filed_reports/reporter-1/standing']).toMatchObject({ standing: 'good', eventId: ids[1] });
    const projection = filedReports(rules);
    const row = view(one)['player_filed_reports/reporter-1/standing']!;
    expect(projection.project(one, { get: () => row })).toEqual([]);
  });
});
