export * from './others-triage.js';
