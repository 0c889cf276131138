export { randomOf, type Random } from './random.js';
