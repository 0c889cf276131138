export * from './admin/namespaces.js';
export * from './admin/request.js';
export * from './admin/schemas.js';
export * from './open.js';
export { parsePulsarUrl, type PulsarAddress } from './url.js';
