import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@ringside/core';
import { reasonsOf, type RingsideEvent } from '@ringside/events';
import { caseHistories, play, type PlayedView } from '@ringside/testing';
import fc from 'fast-check';

import type { Attachment } from './attachment.js';
import type { CaseFile } from './case-file.js';
import { caseFiles } from './case-files.js';
import { placesInLists } from './case-lists.js';
import { mayCount, type ReportMark } from './case-rows.js';
import type { CaseRules } from './case-rules.js';

// A case's rows change by what each event adds; here they are compared with what a look at the whole case says of them.

const captured = new Set<string>(reasonsOf('cheating'));
const rules: CaseRules = {
  team: 'cheating',
  captures: (reason) => captured.has(reason),
  weigh: (reason) => ({ severity: reason === 'aimbot' ? 8 : 3, decideWithinHours: reason === 'aimbot' ? 24 : 72 }),
};

interface CaseInFull {
  readonly file: CaseFile;
  readonly reports: readonly Attachment[];
  readonly markOf: (reportId: string) => ReportMark | undefined;
}

const among = (rows: PlayedView, prefix: string): readonly (readonly [string, JsonObject])[] =>
  [...rows].filter(([name]) => name.startsWith(prefix)).map(([name, row]) => [name.slice(prefix.length), row] as const);

function casesIn(rows: PlayedView): readonly CaseInFull[] {
  return among(rows, 'cases/').flatMap(([name, row]) => {
    if (!name.endsWith('/case')) return [];
    // A copy: nothing that was worked out for this very object is taken over.
    const file = structuredClone(row) as unknown as CaseFile;
    const reports = among(rows, `cases/${file.caseId}/report/`).map(([, report]) => report as unknown as Attachment);
    const markOf = (reportId: string) => rows.get(`cases/${file.caseId}/mark/${reportId}`) as ReportMark | undefined;
    return [{ file, reports, markOf }];
  });
}

/** Reports that count: of those that are alike, the one with the lowest id. */
function countedOf({ reports, markOf }: CaseInFull): readonly Attachment[] {
  const first = new Map<string, Attachment>();
  for (const one of reports.filter((report) => mayCount(report, markOf(report.reportId)))) {
    const name = one.matchId === null ? one.reportId : JSON.stringify([one.reporterId, one.matchId, one.reason]);
    const known = first.get(name);
    if (known === undefined || one.reportId < known.reportId) first.set(name, one);
  }
  return [...first.values()];
}

const decisionsInEffect = ({ file, markOf }: CaseInFull, { reportId }: Attachment) =>
  (markOf(reportId)?.decisions ?? []).flatMap((id) => {
    const decision = file.decisions[id];
    return decision?.state === 'in_effect' ? [decision] : [];
  });

function tally(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

const holds = (check: (rows: PlayedView, events: readonly RingsideEvent[]) => void): void =>
  fc.assert(fc.property(caseHistories('cheating'), (events) => check(play([caseFiles(rules)], events), events)));

describe('the rows of CaseFiles, compared with the whole case', () => {
  it('hold it in the lists in which it belongs as it is now, and in no other', () => {
    holds((rows) => {
      const expected = casesIn(rows).flatMap(({ file }) =>
        placesInLists(file, rules).map(({ partition, key }) => [`${partition}/${key}`, { caseId: file.caseId }] as const),
      );
      expect(new Map(among(rows, 'case_lists/'))).toEqual(new Map(expected));
    });
  });

  it('count its open reports by the hour, the minute and the time at which they were filed', () => {
    holds((rows) => {
      for (const one of casesIn(rows)) {
        const open = countedOf(one).filter((report) => decisionsInEffect(one, report).length === 0);
        const expected = new Map<string, Record<string, number>>();
        const shown: Record<string, unknown> = {};
        for (const reason of new Set(open.map((report) => report.reason))) {
          const times = open.filter((report) => report.reason === reason).map(({ filedAt }) => filedAt);
          times.sort();
          const hours = tally(times.map((time) => time.slice(0, 13)));
          shown[reason] = { count: times.length, first: times[0], last: times.at(-1), hours };
          for (const length of [13, 16]) {
            for (const part of new Set(times.map((time) => time.slice(0, length)))) {
              const within = times.filter((time) => time.startsWith(part));
              expected.set(`${reason}/${part}`, tally(within.map((time) => (length === 13 ? time.slice(0, 16) : time))));
            }
          }
        }
        expect(one.file.open.reasons).toEqual(shown);
        expect(new Map(among(rows, `cases/${one.file.caseId}/open/`))).toEqual(expected);
      }
    });
  });

  it('have of each reporter how many reports count, and how many are open', () => {
    holds((rows) => {
      for (const one of casesIn(rows)) {
        const counted = countedOf(one);
        const open = counted.filter((report) => decisionsInEffect(one, report).length === 0);
        const [reports, opens] = [counted, open].map((some) => tally(some.map(({ reporterId }) => reporterId)));
        const reporters = among(rows, `cases/${one.file.caseId}/reporter/`);
        for (const [reporterId, row] of reporters)
          expect(row).toMatchObject({ reports: reports![reporterId] ?? 0, open: opens![reporterId] ?? 0 });
        expect(reporters.map(([reporterId]) => reporterId)).toEqual(expect.arrayContaining(Object.keys(reports!)));
      }
    });
  });

  it('tell of each reporter what became of the reports that count, by the last decision in effect', () => {
    holds((rows) => {
      const expected = casesIn(rows).flatMap((one) =>
        countedOf(one).flatMap((report) => {
          const [last] = decisionsInEffect(one, report).sort((a, b) =>
            `${a.decidedAt} ${a.decisionId}` < `${b.decidedAt} ${b.decisionId}` ? 1 : -1,
          );
          if (last === undefined || last.verdict === 'inconclusive') return [];
          const { reporterId, reportId, reason, filedAt } = report;
          const outcome = { reportId, reason, filedAt, founded: last.verdict === 'uphold' };
          return [[`${reporterId}/${filedAt}/${reportId}`, outcome] as const];
        }),
      );
      expect(new Map(among(rows, 'reporter_outcomes/'))).toEqual(new Map(expected));
    });
  });

  it('have every event under its time, each player under their cases, and what came in by the hour', () => {
    holds((rows, events) => {
      const cases = casesIn(rows);
      const reported = cases.filter(({ reports }) => reports.length > 0);
      expect(among(rows, 'player_cases/').map(([name]) => name)).toEqual(
        reported.map(({ file }) => `${file.subjectId}/${file.caseId}`).sort(),
      );
      const open = cases.filter(({ file }) => file.status !== 'decided').length;
      expect(rows.get('queue_figures/open/cases')).toEqual(open === 0 ? undefined : { open });
      const kept = [...among(rows, 'case_timeline/'), ...among(rows, 'case_history/')].map(([name]) => name);
      expect(kept).toHaveLength(cases.reduce((sum, { file }) => sum + file.revision, 0));
      const cameIn = events.filter(
        ({ type, data }) =>
          'reason' in data &&
          captured.has(data.reason) &&
          (type === 'ReportFiled' || (type === 'ReportRerouted' && !captured.has(data.priorReasons.at(-1)!))),
      );
      expect(Object.fromEntries(among(rows, 'queue_figures/2026').map(([name, { captured: count }]) => [name, count]))).toEqual(
        tally(
          cameIn.map(({ time, data }) => `${time.slice(4, 10)}/${time.slice(11, 13)}/${(data as { reason: string }).reason}`),
        ),
      );
    });
  });
});
