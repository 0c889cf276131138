export { fileToWrite, pathOfUser, readEarlierRun } from './files-of-user.js';
export {
  harnesses,
  machineLine,
  readRunRecord,
  writeRunRecord,
  type Harness,
  type PromiseFigure,
  type Run,
  type RunRecord,
} from './run-record.js';
