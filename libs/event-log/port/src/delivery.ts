import type { Delivery, StoredRecord } from './event-log.js';

/**
 * A record as a driver hands it out. Made field by field: V8 gives an object that is spread and then extended a shape of its own each
 * time, and whoever looks at one of its fields later finds no shape that it knows.
 */
export const deliveryOf = (record: StoredRecord, assignment: number): Delivery => ({
  topic: record.topic,
  key: record.key,
  id: record.id,
  bytes: record.bytes,
  partition: record.partition,
  position: record.position,
  appendedAt: record.appendedAt,
  assignment,
});
