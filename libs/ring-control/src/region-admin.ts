import type { PlaceKind, Setting, Step, WantedSetting } from '@ringside/data-ring';

/** What is set in a region's event log, or in its view store, now. */
export interface LiveConfiguration {
  readonly settings: readonly Setting[];
  /** What these servers do not hold anybody to, whatever they are set to. */
  readonly unenforced: readonly Unenforced[];
}

/** Settings of this kind have no effect here, and why: "authorization is off". */
export interface Unenforced {
  readonly kind: PlaceKind;
  /** Where only one policy of namespaces is meant. */
  readonly policy?: string;
  readonly reason: string;
  /** False where the server refuses to take the setting at all: it then counts neither as a difference nor as in order. */
  readonly isTaken: boolean;
}

/** The administration of one region's event log, or of its view store: each can be away without the other. */
export interface RegionAdmin {
  readonly region: string;
  readonly part: 'event-log' | 'view-store';
  /** What the policy wants there. */
  readonly wanted: readonly WantedSetting[];
  /** Rejects with `UnavailableError` where it cannot be reached. */
  readLive(): Promise<LiveConfiguration>;
  /** Makes one thing so. The same step again changes nothing. */
  take(step: Step): Promise<void>;
  close(): Promise<void>;
}
