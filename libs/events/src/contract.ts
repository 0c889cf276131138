import type { EventDefinition } from './define-event.js';
import { reportEvidenceFiled, type ReportEvidenceFiled } from './report-evidence-filed.js';
import { reportFiled, type ReportFiled } from './report-filed.js';
import { reportRerouted, type ReportRerouted } from './report-rerouted.js';

/** Any event of the contract, with data of the current version. Narrow it by `type`. */
export type RingsideEvent = ReportFiled | ReportEvidenceFiled | ReportRerouted;

/**
 * Every event of the contract. To add a version: chain `.next(...)` to the event's versions, commit a fixture of it under
 * `fixtures/`, and run `npm run schemas:write`. The specs refuse what is missing, and any change of a published version.
 */
export const definitions: readonly EventDefinition<RingsideEvent['type']>[] = [
  reportFiled,
  reportEvidenceFiled,
  reportRerouted,
];
