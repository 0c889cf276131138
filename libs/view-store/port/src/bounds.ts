import type { Checkpoint, PageOptions, RowKey, RowWrite, StreamAppend } from './view-store.js';

/** Partitions, keys, names of subscriptions and streams, command ids: 1 to this many bytes in UTF-8. */
export const nameBytesMax = 900;

/** The JSON text of one row's value, of one stream event's data, or of a command's result, in UTF-8 bytes. */
export const valueBytesMax = 1_048_576;

/**
 * Rows of one table partition in one write become visible together up to here: so many rows, so many UTF-8 bytes of their
 * values. Of more than that a driver may make several pieces, stored one after the other in the given order.
 */
export const togetherRowsMax = 10_000;
export const togetherBytesMax = 4_194_304;

/**
 * Rows of one table partition that are asked for in one call are read as of one state up to here, if their values are not larger than
 * 256 KiB together: of more, a driver may make several requests or pages.
 */
export const readTogetherRowsMax = 100;

/** The JSON texts of one append to a stream, result and events together, in UTF-8 bytes: an append is never divided. */
export const appendBytesMax = 4_194_304;

/** Partitions of a topic, and so of a subscription, are numbered from 0 to this. */
export const partitionNumberMax = 2 ** 31 - 1;

/** Rows of one page, events of one `readStream`. */
export const pageRowsMax = 1_000;

const tableName = /^[a-z][a-z0-9_]{0,47}$/;

// The checks below are the same for every driver: what one of them refuses, all refuse, before anything is stored.
// A bad argument is a bug of the caller, so they throw: TypeError for what has no such value, RangeError for what is out of bounds.

/** Names that passed: a table's is checked with every row of it, and there are few. */
const tableNamesKnown = new Set<string>();
const tableNamesKnownMax = 1_000;

export function checkTableName(table: string): void {
  if (tableNamesKnown.has(table)) return;
  if (typeof table !== 'string' || !tableName.test(table)) {
    throw new RangeError(`"${table}" is no name for a table: lower-case letters, digits and _, a letter first, at most 48.`);
  }
  if (tableNamesKnown.size < tableNamesKnownMax) tableNamesKnown.add(table);
}

/** @param what names the argument in the error's message. */
export function checkName(what: string, name: string): void {
  checkText(what, name);
  if (name.length === 0) throw new RangeError(`The ${what} is empty; 1 to ${nameBytesMax} bytes are allowed.`);
}

export function checkRowKey(row: RowKey): void {
  checkTableName(row.table);
  checkName('partition', row.partition);
  checkName('key', row.key);
}

export function checkRowWrite(row: RowWrite): void {
  checkRowKey(row);
  checkInteger('timestamp', row.timestamp, 1);
  if (row.kind === 'put') checkValue('value', row.value);
  else if (row.kind !== 'delete') throw new TypeError('A row write is of the kind "put" or "delete".');
}

export function checkPage(table: string, partition: string, options: PageOptions): void {
  checkTableName(table);
  checkName('partition', partition);
  checkInteger('limit', options.limit, 1, pageRowsMax);
  for (const bound of ['from', 'to', 'after'] as const) {
    const key = options[bound];
    if (key !== undefined) checkText(bound, key);
  }
}

export function checkCheckpoints(checkpoints: readonly Checkpoint[]): void {
  const seen = new Set<string>();
  for (const { subscription, partition, epoch, position, ordinal } of checkpoints) {
    checkSubscriptionPartition(subscription, partition);
    checkInteger('epoch', epoch, 1);
    checkInteger('ordinal', ordinal, 0);
    if (position !== null && typeof position !== 'string') throw new TypeError('A position is a string or null.');
    const id = `${partition}/${subscription}`;
    if (seen.has(id))
      throw new RangeError(`One write moves the checkpoint of "${subscription}", partition ${partition}, twice.`);
    seen.add(id);
  }
}

export function checkSubscriptionPartition(subscription: string, partition: number): void {
  checkName('subscription', subscription);
  checkInteger('partition of the subscription', partition, 0, partitionNumberMax);
}

export function checkStreamAppend(append: StreamAppend): void {
  checkName('stream', append.stream);
  checkName('commandId', append.commandId);
  checkInteger('expectedVersion', append.expectedVersion, 0);
  checkInteger('fence', append.fence, 0);
  checkValue('result', append.result);
  for (const event of append.events) {
    checkName('event id', event.id);
    checkName('event type', event.type);
    checkValue('event data', event.data);
  }
}

export function checkStreamCommand(stream: string, commandId: string): void {
  checkName('stream', stream);
  checkName('commandId', commandId);
}

export function checkReadStream(stream: string, afterVersion: number): void {
  checkName('stream', stream);
  checkInteger('afterVersion', afterVersion, 0);
}

/** The value as JSON text; refuses what has none, and what is too large. */
export function jsonText(what: string, value: object): string {
  const text = JSON.stringify(value);
  if (text === undefined) throw new TypeError(`The ${what} has no JSON text.`);
  if (text.length * 3 > valueBytesMax && Buffer.byteLength(text) > valueBytesMax) {
    throw new RangeError(`The ${what} is larger than ${valueBytesMax} bytes of JSON text.`);
  }
  return text;
}

/** @param texts of the result and of every event's data, as {@link jsonText} gave them. */
export function checkAppendSize(texts: readonly string[]): void {
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  if (bytes > appendBytesMax) throw new RangeError(`The append is larger than ${appendBytesMax} bytes of JSON text.`);
}

function checkText(what: string, text: string): void {
  if (typeof text !== 'string') throw new TypeError(`The ${what} is not a string.`);
  // A lone surrogate has no UTF-8: two names that differ in it alone would become one.
  if (!text.isWellFormed()) throw new RangeError(`The ${what} has a lone surrogate.`);
  if (text.length * 3 > nameBytesMax && Buffer.byteLength(text) > nameBytesMax) {
    throw new RangeError(`The ${what} is longer than ${nameBytesMax} bytes in UTF-8.`);
  }
}

function checkInteger(what: string, value: number, min: number, max = Number.MAX_SAFE_INTEGER): void {
  if (typeof value !== 'number') throw new TypeError(`The ${what} is not a number.`);
  if (!Number.isSafeInteger(value) || value < min || value > max) {
    throw new RangeError(`The ${what} is ${value}; an integer from ${min} to ${max} is allowed.`);
  }
}

export function checkValue(what: string, value: object): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new TypeError(`The ${what} is not a JSON object.`);
  }
}
