export { prepareDataDirectory } from './data-directory.js';
export * from './open-driver.js';
