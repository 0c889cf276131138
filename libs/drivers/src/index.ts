export { prepareDataDirectory } from './data-directory.js';
export { openEventLog, openViewStore, type EventLogOptions, type ViewStoreOptions } from './open-driver.js';
