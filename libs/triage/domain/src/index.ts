export * from './hand-over.js';
export * from './triage-rules.js';
