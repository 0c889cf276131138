import type { ProblemKind } from '@ringside/platform';

/** Problems that only report-intake has. */
export const intakeProblems = {
  selfReport: { code: 'self_report', status: 422, title: 'A player cannot report themselves' },
  idempotencyKeyReused: {
    code: 'idempotency_key_reused',
    status: 409,
    title: 'The Idempotency-Key was used with another body',
  },
  appealOpen: { code: 'appeal_open', status: 409, title: 'An appeal against this decision is open' },
  notAppealable: { code: 'not_appealable', status: 422, title: 'The decision cannot be appealed' },
  lineTooLong: { code: 'line_too_long', status: 413, title: 'The line is too long' },
  tooManyLines: { code: 'too_many_lines', status: 413, title: 'The batch has too many lines' },
} as const satisfies Record<string, ProblemKind>;
