import { CodedError } from '@ringside/core';

/** The table was never created, or was dropped since. Tables are made by `createTables`, never by a first write. */
export class UnknownTableError extends CodedError {
  readonly code = 'unknown_table';

  constructor(readonly table: string) {
    super(`There is no table "${table}": create it first (tables are never created by using them).`);
  }
}
