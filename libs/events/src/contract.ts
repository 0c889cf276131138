import type { EventDefinition } from './define-event.js';
import { reportEvidenceFiled, type ReportEvidenceFiled } from './report-evidence-filed.js';
import { reportFiled, type ReportFiled } from './report-filed.js';
import { reportRerouted, type ReportRerouted } from './report-rerouted.js';

/** Any event of the contract, with data of the current version. Narrow it by `type`. */
export type RingsideEvent = ReportFiled | ReportEvidenceFiled | ReportRerouted;

/** Every event of the contract. */
export const definitions: readonly EventDefinition<RingsideEvent['type']>[] = [
  reportFiled,
  reportEvidenceFiled,
  reportRerouted,
];
