export { openCqlViewStore, type CqlViewStoreOptions } from './cql-view-store.js';
export { deletionSecondsMin } from './ddl.js';
