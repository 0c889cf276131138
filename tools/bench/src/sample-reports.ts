import { isoTime } from '@ringside/core';
import { createEvent, reportFiled, type ReportFiled } from '@ringside/events';

/** Pseudo-random numbers from 0 up to 1, the same for the same seed (mulberry32, by Tommy Ettinger). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

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
    const subject = Math.floor(subjects * random() ** 2);
    const data: ReportFiled['data'] = {
      reportId: `bench-report-${seed}-${i}`,
      game: random() < 0.7 ? 'stormfall' : 'kickoff',
      reporterId: `bench-reporter-${Math.floor(random() * reports)}`,
      subjectId: `bench-subject-${subject}`,
      subjectHomeRegion: 'local',
      reason: reasons[Math.floor(random() * reasons.length)]!,
      matchId: `bench-match-${Math.floor(i / 3)}`,
      occurredAt: filedAt,
      filedAt,
      hasEvidence: false,
    };
    return createEvent(reportFiled, { data, time: filedAt, region: 'local', source: 'report-intake' });
  });
}
