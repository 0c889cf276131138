import { describe, expect, it } from '@jest/globals';
import { play, contestedCases, type PlayedView } from '@ringside/testing';
import type { RingsideEvent } from '@ringside/events';
import fc from 'fast-check';

import {
  caseStandings,
  decisionsNaming,
  reportStatuses,
  statusOf,
  type CaseStanding,
  type DecisionOnRecord,
  type ReportDecisions,
  type ReportOnFile,
  type ReportStatus,
} from './index.js';

const of = { team: 'cheating', game: 'stormfall', subjectId: 'subject-1' };

const contested = contestedCases(of).chain((one) => {
  const events: readonly RingsideEvent[] = [...one.reports, ...one.steps];
  return fc.record({ one: fc.constant(one), inAnyOrder: fc.shuffledSubarray([...events], { minLength: events.length }) });
});

const rowsOf = (...events: readonly RingsideEvent[]): PlayedView => play([reportStatuses, caseStandings], events);

/** What each reporter is told. */
function statusesIn(rows: PlayedView): readonly ReportStatus[] {
  const rowsAt = <T>(prefix: string) =>
    [...rows].flatMap(([name, row]) =>
      name.startsWith(prefix) ? [[name.split('/').at(-1)!, row as unknown as T] as const] : [],
    );
  const [standing] = [...rows].flatMap(([name, row]) =>
    /^case_standings.*\/standing$/.test(name) ? [row as unknown as CaseStanding] : [],
  );
  const prefix =
    [...rows.keys()]
      .find((name) => name.startsWith('case_standings/'))
      ?.split('/')
      .slice(0, 2)
      .join('/') ?? '-';
  const decisions = new Map(rowsAt<DecisionOnRecord>(`${prefix}/decision/`));
  const named = new Map(rowsAt<ReportDecisions>(`${prefix}/report/`));
  return rowsAt<ReportOnFile>('report_status/').map(([, report]) => {
    const naming = decisionsNaming(named.get(report.reportId) ?? { named: {} }, decisions, standing?.terms);
    return statusOf(report, [report.reason], standing === undefined ? [] : [{ standing, decisions: naming }]);
  });
}

describe('the standing of a case on which several regions worked', () => {
  it('is the same in every region, in whichever order the steps of the terms come', () => {
    fc.assert(
      fc.property(contested, ({ one, inAnyOrder }) => {
        expect([...rowsOf(...inAnyOrder)]).toEqual([...rowsOf(...one.reports, ...one.steps)]);
      }),
    );
  });

  it('tells no reporter of an outcome that was superseded', () => {
    const toldOf = (rows: PlayedView) => statusesIn(rows).map(({ reportId, outcome }) => [reportId, outcome]);
    fc.assert(
      fc.property(contested, ({ one, inAnyOrder }) => {
        expect(toldOf(rowsOf(...inAnyOrder))).toEqual(toldOf(rowsOf(...one.reports, ...one.history)));
      }),
      { numRuns: 300 },
    );
  });
});
