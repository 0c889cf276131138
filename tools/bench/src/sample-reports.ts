import { isoTime } from '@ringside/core';
import { createEvent, reportFiled, type ReportFiled } from '@ringside/events';
import { randomOf } from '@ringside/random';

export interface SampleOptions {
  readonly seed: number;
  readonly reports: number;
  readonly reasons: readonly string[];
}

/** Reports as of one afternoon: about seven on each subject in the mean, few subjects with many. */
export function sampleReports({ seed, reports, reasons }: SampleOptions): readonly ReportFiled[] {
  const random = randomOf(seed);
  const subjects = Math.max(1, Math.round(reports / 7));
  const noon = Date.UTC(2026, 0, 31, 12);
  return Array.from({ length: reports }, (_, i) => {
    const filedAt = isoTime(noon + Math.floor((i * 3_600_000 * 4) / reports));
    const subject = Math.floor(subjects * random.next() ** 2);
    const data: ReportFiled['data'] = {
      reportId: `bench-report-${seed}-${i}`,
      game: random.chance(0.7) ? 'stormfall' : 'kickoff',
      reporterId: `bench-reporter-${random.below(reports)}`,
      subjectId: `bench-subject-${subject}`,
      subjectHomeRegion: 'local',
      reason: random.pick(reasons),
      matchId: `bench-match-${Math.floor(i / 3)}`,
      occurredAt: filedAt,
      filedAt,
      hasEvidence: false,
    };
    return createEvent(reportFiled, { data, time: filedAt, region: 'local', source: 'report-intake' });
  });
}
