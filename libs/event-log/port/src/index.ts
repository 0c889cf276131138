export { deliveryOf } from './delivery.js';
export * from './errors.js';
export * from './event-log.js';
export * from './partitioner.js';
export * from './wakeups.js';
