export {
  appealEvent,
  appealFormSchema,
  readAppealForm,
  whyNotAppealable,
  type AppealForm,
  type AppealRefusal,
} from './appeal-form.js';
export * from './case-standings.js';
export { fingerprintOf } from './fingerprint.js';
export type { FormFault } from './form-fault.js';
export { reportEvents, type Filing } from './report-events.js';
export { aheadMsMax, isAboutReporter, readReportForm, reportFormSchema, type ReportForm } from './report-form.js';
export * from './report-statuses.js';
