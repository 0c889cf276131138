export { appealFiled, type AppealFiled } from './casework/appeal-filed.js';
export * from './casework/case-events.js';
export * from './casework/case-progressed.js';
export { bySystem, caseTextCharactersMax, policyClause } from './casework/case-step.js';
export {
  reportsPerStepMax,
  sanctionHoursMax,
  sanctionKinds,
  sanctionsPerDecisionMax,
  verdicts,
  type SanctionKind,
  type Verdict,
} from './casework/decision.js';
export * from './casework/report-counting.js';
export * from './casework/sanctions.js';
export { codecOf, decodeEvent, encodeEvent, type Codec } from './codec.js';
export { InvalidEventError, type ContractViolation } from './contract-violation.js';
export * from './contract.js';
export * from './create-event.js';
export {
  defineEvent,
  firstVersion,
  type EventDefinition,
  type EventOf,
  type Immutable,
  type Upcast,
  type Version,
  type Versions,
} from './define-event.js';
export type { Envelope, EventContext } from './envelope.js';
export * from './fields.js';
export { jsonDepthMax } from './json-object.js';
export { personal, type Personal } from './personal.js';
export { recordSchemasOf, type JsonSchema } from './record-schemas.js';
export * from './report-evidence-filed.js';
export { reportFiled, type ReportFiled } from './report-filed.js';
export * from './report-reasons.js';
export * from './report-rerouted.js';
export * from './ring-events.js';
export * from './topics.js';
