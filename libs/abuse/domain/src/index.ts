export * from './abuse-rules.js';
