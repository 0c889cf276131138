export { openEventLog, openViewStore, type EventLogOptions, type ViewStoreOptions } from './open-driver.js';
