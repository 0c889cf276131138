export * from './clock.js';
export * from './coded-error.js';
export * from './decider.js';
export * from './ids.js';
export * from './json.js';
export * from './json-pointer.js';
export * from './projection.js';
export * from './result.js';
