export * from './abuse-team.js';
