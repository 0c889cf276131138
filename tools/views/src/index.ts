export { fillingThreads } from './filling-threads.js';
