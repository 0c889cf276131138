export * from './describe-event-log-contract.js';
