export * from './environment.js';
export * from './unavailable.js';
