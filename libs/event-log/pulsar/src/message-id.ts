import type { Position } from '@ringside/event-log';

/** Where a message lies in its partition. The partition itself is known from the topic that it came from. */
export interface MessageId {
  readonly ledgerId: number;
  readonly entryId: number;
  /** Place within a batch that one entry holds; -1 for an entry that is one message. */
  readonly batchIndex: number;
}

const numberWidth = 16;
const batchWidth = 5;
const shape = new RegExp(`^\\d{${numberWidth}}:\\d{${numberWidth}}:\\d{${batchWidth}}$`);

/**
 * Fixed width, so that positions compare as strings: ledgers of a topic rise, entries rise within one. The last part is 0 for
 * a message that is not in a batch, else its place in the batch counted from 1.
 */
export function positionOf({ ledgerId, entryId, batchIndex }: MessageId): Position {
  const ledger = String(ledgerId).padStart(numberWidth, '0');
  const entry = String(entryId).padStart(numberWidth, '0');
  return `${ledger}:${entry}:${String(batchIndex + 1).padStart(batchWidth, '0')}` as Position;
}

export function messageIdOf(position: Position): MessageId {
  if (!shape.test(position)) throw new RangeError(`"${position}" is not a position of this event log.`);
  const [ledgerId, entryId, batch] = position.split(':').map(Number);
  return { ledgerId: ledgerId!, entryId: entryId!, batchIndex: batch! - 1 };
}

/* Pulsar's MessageIdData in protobuf: 1 ledgerId, 2 entryId, 3 partition, 4 batch_index, all varints; others are passed over. */
const ledgerField = 1;
const entryField = 2;
const partitionField = 3;
const batchIndexField = 4;

/** Throws `RangeError` for what is not a message id. */
export function decodeMessageId(bytes: Uint8Array): MessageId {
  const id = { ledgerId: -1, entryId: -1, batchIndex: -1 };
  let offset = 0;
  while (offset < bytes.length) {
    const tag = readVarint(bytes, offset);
    if ((tag.value & 7) !== 0) break; // only what stands behind the fields that count is not a varint
    const field = readVarint(bytes, tag.end);
    offset = field.end;
    if (tag.value >> 3 === ledgerField) id.ledgerId = field.value;
    else if (tag.value >> 3 === entryField) id.entryId = field.value;
    else if (tag.value >> 3 === batchIndexField) id.batchIndex = field.value;
  }
  if (id.ledgerId < 0) throw new RangeError('Pulsar named a message by an id that has no ledger.');
  return id;
}

export function encodeMessageId({ ledgerId, entryId, batchIndex }: MessageId, partition: number): Buffer {
  const fields = [
    [ledgerField, ledgerId],
    [entryField, entryId],
    [partitionField, partition],
    [batchIndexField, batchIndex],
  ] as const;
  return Buffer.from(fields.flatMap(([field, value]) => [field << 3, ...varint(value)]));
}

function readVarint(bytes: Uint8Array, start: number): { readonly value: number; readonly end: number } {
  let value = 0;
  let scale = 1;
  for (let end = start; end < Math.min(bytes.length, start + 10); end++) {
    const byte = bytes[end]!;
    // A negative number takes all ten bytes; -1 is the only one that occurs.
    if (end === start + 9) return { value: -1, end: end + 1 };
    value += (byte & 0x7f) * scale;
    scale *= 128;
    if (byte < 0x80) return { value, end: end + 1 };
  }
  throw new RangeError('Pulsar named a message by an id that ends in the middle of a number.');
}

function varint(value: number): number[] {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 0x80);
    rest >>= 7n;
  }
  return [...bytes, Number(rest)];
}
