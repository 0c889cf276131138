export { deletionsRememberedMin } from './deletions.js';
export * from './embedded-view-store.js';
export { tablesMax } from './tables.js';
