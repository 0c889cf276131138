export * from './appeals-filed.js';
export * from './appeals-on-file.js';
export * from './attachment.js';
export * from './case-events.js';
export * from './case-file.js';
export * from './case-files.js';
export * from './case-lists.js';
export {
  alikeKey,
  attachmentPrefix,
  attachmentRow,
  caseRow,
  caseTables,
  markRow,
  mayCount,
  type ReportMark,
} from './case-rows.js';
export * from './case-rules.js';
export * from './case-steps.js';
export * from './case-version.js';
export * from './credibility.js';
export * from './decision-steps.js';
export { credibilityNeutral, type Outcome } from './counting.js';
export * from './evidence.js';
export * from './player-sanctions.js';
export * from './priority.js';
export * from './reporters.js';
export * from './reporting-policy.js';
export * from './sanctions-of-steps.js';
export * from './terms.js';
export { appealableUntil, appealMonths } from './work/appeals.js';
export * from './work/case-command.js';
export * from './work/case-step.js';
export * from './work/case-work.js';
export * from './work/casework-policy.js';
export { runningClaim } from './work/claiming.js';
export { versionAfter } from './work/evolve-work.js';
export * from './work/consequences.js';
export * from './work/deadlines.js';
export { pausedMsAt } from './work/holding.js';
export * from './work/lifecycle.js';
export { pendingProposal } from './work/proposals.js';
export {
  counted,
  statementOfReasons,
  type Measure,
  type StatementInput,
  type StatementOfReasons,
} from './work/statement-of-reasons.js';
export * from './work/strikes.js';
export { faultOfClauseName, faultOfText, refusal, refuse } from './work/refusal.js';
export * from './work/team-command.js';
export * from './work/transparency-fields.js';
export { transparencyStatementOf } from './work/transparency-statement.js';
