import type { Position } from '@ringside/event-log';

/** Topic number (4 bytes), partition (2), offset (6), all big-endian: LMDB then keeps a partition's records in order. */
export const recordKeyBytes = 12;

export const partitionsMax = 0xffff;

export function writeRecordKey(target: Buffer, topicNumber: number, partition: number, offset: number): void {
  target.writeUInt32BE(topicNumber, 0);
  target.writeUInt16BE(partition, 4);
  target.writeUIntBE(offset, 6, 6);
}

export function headKey(topicNumber: number, partition: number): Buffer {
  const key = Buffer.allocUnsafe(6);
  key.writeUInt32BE(topicNumber, 0);
  key.writeUInt16BE(partition, 4);
  return key;
}

/** Offsets come in runs: what stands before the last three digits is nearly always what it was for the one before. */
let thousands = 0;
let prefix = '0'.repeat(13);
const lastDigits = Array.from({ length: 1_000 }, (_, number) => String(number).padStart(3, '0'));

/** Fixed width, so that positions compare as strings: 2^48 has 15 digits. */
export function positionOf(offset: number): Position {
  const above = Math.floor(offset / 1_000);
  if (above !== thousands) {
    thousands = above;
    prefix = String(above).padStart(13, '0');
  }
  return (prefix + lastDigits[offset - above * 1_000]!) as Position;
}

export function offsetOf(position: Position): number {
  if (!/^\d{16}$/.test(position)) throw new RangeError(`"${position}" is not a position of this event log.`);
  return Number(position);
}
