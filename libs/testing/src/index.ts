export * from './arbitraries.js';
export * from './given.js';
export * from './decider-table.js';
export * from './play.js';
export * from './test-drivers.js';
export * from './test-people.js';
export * from './test-ring.js';
export * from './until.js';
