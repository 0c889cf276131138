export * from './view-store.js';
