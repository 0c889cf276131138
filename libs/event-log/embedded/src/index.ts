export * from './damaged-record-error.js';
export * from './open.js';
