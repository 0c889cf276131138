/**
 * An error that a caller can tell apart by its literal `code`, with a sentence that says what to do.
 * Expected refusals are values (see {@link Result}); these are for what went wrong.
 */
export abstract class CodedError extends Error {
  abstract readonly code: string;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** A dependency (event log, view store) cannot take the call now; the same call may succeed later. */
export class UnavailableError extends CodedError {
  readonly code = 'unavailable';

  constructor(
    readonly dependency: 'event-log' | 'view-store',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The process cannot start as it is configured. The message is one sentence for the person who started it. */
export class StartupError extends CodedError {
  readonly code = 'startup';
}
