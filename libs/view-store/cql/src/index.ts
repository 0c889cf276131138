export { openCqlViewStore, type CqlViewStoreOptions } from './cql-view-store.js';
export { deletionSecondsMin } from './ddl.js';
export {
  type CqlAdmin,
  type Grants,
  type Membership,
  openCqlAdmin,
  type Replication,
  type RolesAnswer,
} from './admin/cql-admin.js';
export { type CqlSettings, parseCqlUrl } from './cql-url.js';
