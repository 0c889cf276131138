export * from './cheating-rules.js';
export * from './player-metrics.js';
