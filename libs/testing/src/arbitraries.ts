import { deriveUuidv7, isoTime, uuidv7 } from '@ringside/core';
import {
  createEvent,
  reportEvidenceFiled,
  reportFiled,
  reportReasons,
  reportRerouted,
  type ReportEvidenceFiled,
  type ReportFiled,
  type ReportRerouted,
  type RingsideEvent,
} from '@ringside/events';
import fc from 'fast-check';

const epoch = Date.UTC(2026, 0, 31, 12);
const origin = { region: 'local', source: 'report-intake' } as const;

/** A report event with sensible values for whatever is not given. */
export function aReport(given: Partial<ReportFiled['data']> = {}): ReportFiled {
  const filedAt = given.filedAt ?? isoTime(epoch);
  const data: ReportFiled['data'] = {
    reportId: uuidv7(Date.parse(filedAt)),
    game: 'stormfall',
    reporterId: 'reporter-1',
    subjectId: 'subject-1',
    subjectHomeRegion: 'local',
    reason: 'aimbot',
    hasEvidence: false,
    ...given,
    filedAt,
  };
  return createEvent(reportFiled, { ...origin, data, time: filedAt, id: deriveUuidv7(data.reportId, 'ReportFiled') });
}

/** A triager gives a report another reason; given the same history, the same event. */
export function rerouted(
  report: ReportFiled,
  reason: string,
  priorReasons: readonly string[] = [report.data.reason],
): ReportRerouted {
  const reroutedAt = isoTime(Date.parse(report.data.filedAt) + priorReasons.length * 60_000);
  const data = { ...report.data, reason, priorReasons: [...priorReasons], reroutedAt, reroutedBy: 'others-triage' };
  const id = deriveUuidv7(report.data.reportId, `rerouted/${priorReasons.length}/${reason}`);
  return createEvent(reportRerouted, { region: 'local', source: 'others-triage', data, time: reroutedAt, id });
}

/** The evidence of a report. */
export function evidenceOf(report: ReportFiled, given: Partial<ReportEvidenceFiled['data']> = {}): ReportEvidenceFiled {
  const { reportId, game, subjectId, reason, filedAt } = report.data;
  const data = { reportId, game, subjectId, reason, filedAt, description: 'He shot through three walls.', ...given };
  return createEvent(reportEvidenceFiled, {
    ...origin,
    data,
    time: filedAt,
    id: deriveUuidv7(reportId, 'ReportEvidenceFiled'),
  });
}

const reasons = [...reportReasons.map(({ reason }) => reason as string), 'not_known_yet'];

/**
 * Reports about few players by few players, in one order of filing, some of them rerouted once or twice: a world small
 * enough for its events to meet.
 */
export const reportHistories: fc.Arbitrary<readonly (ReportFiled | ReportRerouted)[]> = fc
  .array(
    fc.record({
      game: fc.constantFrom('stormfall', 'kickoff'),
      reporterId: fc.constantFrom('r1', 'r2', 'r3', 'r4'),
      subjectId: fc.constantFrom('s1', 's2', 's3'),
      reason: fc.constantFrom(...reasons),
      matchId: fc.option(fc.constantFrom('m1', 'm2'), { nil: undefined }),
      second: fc.integer({ min: 0, max: 200_000 }),
      reroutes: fc.array(fc.constantFrom(...reasons), { maxLength: 2 }),
    }),
    { minLength: 1, maxLength: 25 },
  )
  .map((drafts) =>
    drafts.flatMap(({ second, reroutes, matchId, ...data }, index) => {
      const filedAt = isoTime(epoch + second * 1_000);
      const reportId = uuidv7AtIndex(second, index);
      const filed = aReport({ ...data, ...(matchId && { matchId }), reportId, filedAt });
      const path = [filed.data.reason, ...reroutes];
      return [filed, ...reroutes.map((reason, i) => rerouted(filed, reason, path.slice(0, i + 1)))];
    }),
  );

/** A UUIDv7 that depends on its arguments alone, so that a failing example replays. */
function uuidv7AtIndex(second: number, index: number): string {
  const time = (epoch + second * 1_000).toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${index.toString(16).padStart(12, '0')}`;
}

/** The report that an event of a report is about. Throws for any other event. */
export function reportIdOf({ type, data }: RingsideEvent): string {
  if ('reportId' in data) return data.reportId;
  throw new TypeError(`${type} is about no single report.`);
}
