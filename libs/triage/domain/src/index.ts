export * from './emerging-reasons.js';
export * from './hand-over.js';
export * from './triage-case.js';
export * from './triage-policy.js';
export * from './triage-rules.js';
export * from './words.js';
