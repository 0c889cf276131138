import type { ReportForm } from '@ringside/intake-domain';
import { randomOf } from '@ringside/random';

/** Forms as the report dialog sends them, without evidence: one event each. About seven on each subject in the mean. */
export function sampleForms(count: number, reasons: readonly ReportForm['reason'][], seed = 7): readonly ReportForm[] {
  const random = randomOf(seed);
  const subjects = Math.max(1, Math.round(count / 7));
  return Array.from({ length: count }, (_, i) => ({
    game: random.chance(0.7) ? 'stormfall' : 'kickoff',
    reporterId: `bench-reporter-${random.below(count)}`,
    subjectId: `bench-subject-${Math.floor(subjects * random.next() ** 2)}`,
    reason: random.pick(reasons),
    matchId: `bench-match-${Math.floor(i / 3)}`,
    occurredAt: '2026-01-31T12:00:00.000Z',
  }));
}
