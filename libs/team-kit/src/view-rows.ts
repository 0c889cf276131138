import type { Views } from './views.js';

/** The rows that projections begin with, and where they are in the store. */
export type ViewRows = Pick<Views, 'getMany' | 'physical'>;
