export * from './cheating-case.js';
export * from './cheating-policy.js';
export * from './cheating-rules.js';
export * from './player-metrics.js';
export { suggestedSanctions } from './sanction-ladder.js';
