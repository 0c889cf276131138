export * from './attachment.js';
export * from './case-file.js';
export * from './case-files.js';
export * from './case-lists.js';
export * from './case-rules.js';
export * from './evidence.js';
export * from './priority.js';
export * from './reporters.js';
