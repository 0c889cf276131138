import type { RowKey } from '@ringside/core';

import type { Views } from './views.js';

/** The rows that projections begin with, and where they are in the store. */
export interface ViewRows extends Pick<Views, 'getMany'> {
  address<R extends RowKey>(row: R): R;
}
