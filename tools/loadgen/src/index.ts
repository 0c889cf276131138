export { arrivals } from './arrivals.js';
export type { Difference, DifferenceKind } from './compare-case.js';
export { drive, inParallel } from './drive.js';
export { expectationOf, sentReport, type Expectation, type SentReport } from './expectation.js';
export { generateReports, type GeneratedReport, type GeneratorOptions } from './generate-reports.js';
export {
  createIntakeClient,
  reasonsOffered,
  type IntakeClient,
  type IntakeClientOptions,
  type Outcome,
} from './intake-client.js';
export { showProgress } from './progress.js';
export { categories, publishedMix, type ReasonMix } from './reason-mix.js';
export type { ReportForm } from './report-form.js';
export { createTeamClient, type TeamClient } from './team-client.js';
export { verify, type Verdict, type VerifyOptions } from './verify.js';
