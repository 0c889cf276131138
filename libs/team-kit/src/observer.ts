import type { ProjectOutcome } from './project-batch.js';
import type { ParkReason } from './parking.js';

/** What the processor tells whoever counts and logs. Each call is one business event; nothing is skipped without one. */
export interface Observer {
  /** Events of a topic whose outcome is on disk. `lagMs`: from the log's taking it to now. */
  processed(topic: string, outcome: ProjectOutcome | 'already_processed', lagMs: number): void;
  parked(event: { topic: string; partition: number; eventId: string; reason: ParkReason; detail: string }): void;
  unparked(event: { topic: string; partition: number; eventId: string; how: 'retried' | 'discarded' }): void;
  /** How many parked events a source partition has now. */
  parkedNow(topic: string, partition: number, count: number): void;
  takenOver(topic: string, partition: number, epoch: number): void;
  fenced(topic: string, partition: number): void;
  /** The log's cursor was ahead of the views, and was put back. */
  cursorPutBack(topic: string, partition: number): void;
  /** The store or the log cannot take a call; it is tried again. */
  waiting(dependency: string, detail: string, attempt: number): void;
}
