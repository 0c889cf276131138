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

/** Fixed width, so that positions compare as strings: 2^48 has 15 digits. */
export const positionOf = (offset: number): Position => String(offset).padStart(16, '0') as Position;

export function offsetOf(position: Position): number {
  if (!/^\d{16}$/.test(position)) throw new RangeError(`"${position}" is not a position of this event log.`);
  return Number(position);
}
