export { fingerprintOf } from './fingerprint.js';
export type { FormFault } from './form-fault.js';
export { reportEvents, type Filing } from './report-events.js';
export { aheadMsMax, isAboutReporter, readReportForm, reportFormSchema, type ReportForm } from './report-form.js';
export { reportStatuses, reportStatusRow, reportStatusTable, type ReportStatus } from './report-statuses.js';
