import type { IsoTime } from '@ringside/core';

/** What is due on a case, and when. */
export interface Deadline {
  /** That somebody takes the case on; that it is decided. */
  readonly deadline: 'acknowledge' | 'decide';
  readonly dueAt: IsoTime;
}
