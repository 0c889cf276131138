export { fileAppeal } from './file-appeal.js';
export { fileReport, type Intake } from './file-report.js';
export { intakeMetrics } from './intake-metrics.js';
export { reportIntake } from './intake.module.js';
export { lateReceipts, type LateReceipts } from './late-receipts.js';
export { lineFaults, type LineFaults } from './line-faults.js';
export { ownReports, type OwnReports } from './own-reports.js';
export { batchBytesMax, batchContentType, batchLinesMax } from './report-batch.js';
export { reportSubscriber } from './subscriber.js';
