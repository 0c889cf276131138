import { UnavailableError } from '@ringside/core';
import { UnknownTableError } from '@ringside/view-store';

import { mayLackTable } from './cql-errors.js';
import type { Schema } from './schema.js';

/** Makes a call on a table. Rejects with `UnknownTableError` where that is not there, which only the server knows for certain. */
export type OnTable = <T>(table: string, call: () => Promise<T>) => Promise<T>;

export function onTableOf(schema: Pick<Schema, 'tables'>): OnTable {
  return async (table, call) => {
    try {
      return await call();
    } catch (error) {
      const cause = error instanceof UnavailableError ? error.cause : error;
      if (!mayLackTable(cause)) throw error;
      if (!(await schema.tables()).includes(table)) throw new UnknownTableError(table);
      // It was made again meanwhile, or not every node knows it yet.
      throw new UnavailableError('view-store', `The table "${table}" was changed during the call.`, { cause });
    }
  };
}
