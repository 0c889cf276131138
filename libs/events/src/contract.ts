import { appealFiled, type AppealFiled } from './casework/appeal-filed.js';
import { caseEventDefinitions, type CaseEvent } from './casework/case-events.js';
import { caseProgressed, type CaseProgressed } from './casework/case-progressed.js';
import {
  caseWeighed,
  reporterStandingChanged,
  reportSuppressed,
  type CaseWeighed,
  type ReporterStandingChanged,
  type ReportSuppressed,
} from './casework/report-counting.js';
import { sanctionImposed, sanctionReversed, type SanctionImposed, type SanctionReversed } from './casework/sanctions.js';
import type { EventDefinition } from './define-event.js';
import { reportEvidenceFiled, type ReportEvidenceFiled } from './report-evidence-filed.js';
import { reportFiled, type ReportFiled } from './report-filed.js';
import { reportRerouted, type ReportRerouted } from './report-rerouted.js';
import { regionPromoted, ringOperated, type RegionPromoted, type RingOperated } from './ring-events.js';

/** Any event of the contract, with data of the current version. Narrow it by `type`. */
export type RingsideEvent =
  | ReportFiled
  | ReportEvidenceFiled
  | ReportRerouted
  | CaseEvent
  | CaseProgressed
  | CaseWeighed
  | ReportSuppressed
  | ReporterStandingChanged
  | SanctionImposed
  | SanctionReversed
  | AppealFiled
  | RegionPromoted
  | RingOperated;

/**
 * Every event of the contract. To add a version: chain `.next(...)` to the event's versions, commit a fixture of it under
 * `fixtures/`, and run `npm run schemas:write`. The specs refuse what is missing, and any change of a published version.
 */
export const definitions: readonly EventDefinition<RingsideEvent['type']>[] = [
  reportFiled,
  reportEvidenceFiled,
  reportRerouted,
  ...caseEventDefinitions,
  caseProgressed,
  caseWeighed,
  reportSuppressed,
  reporterStandingChanged,
  sanctionImposed,
  sanctionReversed,
  appealFiled,
  regionPromoted,
  ringOperated,
];
