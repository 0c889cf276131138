import type { EventRecord, RingsideEvent } from '@ringside/events';

/**
 * Events that this process has encoded and appended, and will get back from the log for its own views: it need not decode them. What
 * it gets back is compared byte for byte with what it has encoded, so that it can be nothing else than decoding would give.
 */
export interface OwnReports {
  /** To be called before the append: the log may hand the record out before the append has answered. */
  add(record: Pick<EventRecord, 'id' | 'bytes'>, event: RingsideEvent): void;
  /** The event in the record, once; undefined where this process has not encoded it, or some time ago. */
  take(record: Pick<EventRecord, 'id' | 'bytes'>): RingsideEvent | undefined;
}

interface Own {
  readonly bytes: Uint8Array;
  readonly event: RingsideEvent;
}

/** Of their records. Where another process reads them, nobody takes them, and the oldest are forgotten. */
const bytesMax = 8 * 1024 * 1024;

export function ownReports(): OwnReports {
  // In two generations: when the younger one is full the older one is forgotten in one piece.
  let younger = new Map<string, Own>();
  let older = new Map<string, Own>();
  let youngerBytes = 0;

  return {
    add: ({ id, bytes }, event) => {
      if (youngerBytes + bytes.length > bytesMax / 2) {
        older = younger;
        younger = new Map();
        youngerBytes = 0;
      }
      younger.set(id, { bytes, event });
      youngerBytes += bytes.length;
    },
    take: ({ id, bytes }) => {
      const of = younger.has(id) ? younger : older;
      const own = of.get(id);
      if (own === undefined || Buffer.compare(own.bytes, bytes) !== 0) return undefined;
      of.delete(id);
      if (of === younger) youngerBytes -= own.bytes.length;
      return own.event;
    },
  };
}
