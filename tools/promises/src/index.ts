export { harnesses, machineLine, writeRunRecord, type Harness, type PromiseFigure, type RunRecord } from './run-record.js';
