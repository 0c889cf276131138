import { CodedError, UnavailableError } from '@ringside/core';

/** The table was never created, or was dropped since. Tables are made by `createTables`, never by a first write. */
export class UnknownTableError extends CodedError {
  readonly code = 'unknown_table';

  constructor(readonly table: string) {
    super(`There is no table "${table}": create it first (tables are never created by using them).`);
  }
}

/** What is stored does not match its checksum. It is never handed out; what else the store has is. */
export class DamagedValueError extends UnavailableError {
  /** `place`: where it lies, in words of the driver. */
  constructor(readonly place: string) {
    super(
      'view-store',
      `What the view store has under ${place} is damaged on disk: restore the store from a backup; or, if it is of a view, build the ` +
        'views anew (npm run views:rebuild -- --team NAME --accept-differences).',
    );
  }
}
