export * from './bounds.js';
export * from './errors.js';
export * from './view-store.js';
