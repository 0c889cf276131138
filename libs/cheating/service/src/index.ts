export * from './cheating-team.js';
