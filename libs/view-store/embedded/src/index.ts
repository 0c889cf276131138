export * from './embedded-view-store.js';
