export * from './others-triage.js';
export { RerouteController } from './reroute.controller.js';
