import { CodedError } from '@ringside/core';
import type { Position } from './event-log.js';

/** The topic was never created. Topics are made by configuration, never by a first append. */
export class UnknownTopicError extends CodedError {
  readonly code = 'unknown_topic';

  constructor(readonly topic: string) {
    super(`There is no topic "${topic}": create it first (topics are never created by using them).`);
  }
}

/** The topic exists with another number of partitions; changing it would break the order per key. */
export class PartitionCountError extends CodedError {
  readonly code = 'partition_count';

  constructor(
    readonly topic: string,
    readonly existing: number,
    readonly wanted: number,
  ) {
    super(`Topic "${topic}" has ${existing} partitions, not ${wanted}: the number cannot change, keys would lose their order.`);
  }
}

/** One record is larger than the driver takes. Nothing of the batch was stored. */
export class RecordTooLargeError extends CodedError {
  readonly code = 'record_too_large';

  constructor(
    readonly bytes: number,
    readonly bytesMax: number,
  ) {
    super(`A record of ${bytes} bytes is larger than the ${bytesMax} bytes that the event log takes.`);
  }
}

/** A record's key is longer than 512 bytes in UTF-8. Nothing of the batch was stored. */
export class KeyTooLongError extends CodedError {
  readonly code = 'key_too_long';

  constructor(
    readonly bytes: number,
    readonly bytesMax: number,
  ) {
    super(`A key of ${bytes} bytes is longer than the ${bytesMax} bytes that the event log takes.`);
  }
}

/** A stored record does not match its checksum, or is missing from its place. It is never handed out. */
export class DamagedRecordError extends CodedError {
  readonly code = 'damaged_record';

  constructor(
    readonly topic: string,
    readonly partition: number,
    readonly position: Position,
  ) {
    super(
      `The record at ${position} of partition ${partition} of topic "${topic}" is damaged on disk: restore the event log ` +
        'from a backup, or move the subscription past it.',
    );
  }
}
