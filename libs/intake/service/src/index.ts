export { reportIntake } from './intake.module.js';
export { batchBytesMax, batchContentType, batchLinesMax } from './report-batch.js';
export { reportSubscriber } from './subscriber.js';
