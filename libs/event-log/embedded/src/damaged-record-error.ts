import { CodedError } from '@ringside/core';

/** A stored record does not match its checksum, or is missing from its place. It is never handed out. */
export class DamagedRecordError extends CodedError {
  readonly code = 'damaged_record';

  constructor(
    readonly topic: string,
    readonly partition: number,
    readonly position: string,
  ) {
    super(
      `The record at ${position} of partition ${partition} of topic "${topic}" is damaged on disk: restore the event log ` +
        'from a backup, or move the subscription past it.',
    );
  }
}
