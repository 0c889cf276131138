export { inParallel } from './drive.js';
export { generateReports, type GeneratedReport, type GeneratorOptions } from './generate-reports.js';
export { createIntakeClient, type IntakeClient, type IntakeClientOptions, type Outcome } from './intake-client.js';
export { showProgress } from './progress.js';
export { categories, publishedMix, type ReasonMix } from './reason-mix.js';
export type { ReportForm } from './report-form.js';
