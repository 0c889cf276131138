import type { StoredRecord } from '@ringside/event-log';
import { decodeEvent, type RingsideEvent } from '@ringside/events';

import type { Region } from '../services/region.js';

/** A record that is an event, where it lies. */
export interface Lying {
  readonly record: StoredRecord;
  readonly event: RingsideEvent;
}

/** All events of a region's log, topic by topic, in the order of their partitions: copies too. */
export function eventsIn({ log }: Region): ReadonlyMap<string, readonly Lying[]> {
  const found = new Map<string, readonly Lying[]>();
  for (const [name, { partitions }] of log.topics) {
    found.set(
      name,
      partitions.flat().flatMap((record) => {
        const decoded = decodeEvent(record.bytes);
        return decoded.ok ? [{ record, event: decoded.value }] : [];
      }),
    );
  }
  return found;
}

/** Each event where it lies first. */
export function firstOf(lying: readonly Lying[]): readonly Lying[] {
  const seen = new Set<string>();
  return lying.filter(({ event }) => !seen.has(event.id) && seen.add(event.id));
}
