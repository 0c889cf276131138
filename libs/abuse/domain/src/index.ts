export * from './abuse-case.js';
export * from './abuse-policy.js';
export * from './abuse-rules.js';
