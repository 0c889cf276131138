import type { PlaceKind, Setting, Step } from '@ringside/data-ring';

/** What is set in a region now. */
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

/** The administration of one region's servers. Made by `openServersAdmin` or `openEmbeddedAdmin`. */
export interface RegionAdmin {
  readonly region: string;
  /** Rejects with `UnavailableError` where the region cannot be reached. */
  readLive(): Promise<LiveConfiguration>;
  /** Makes one thing so. The same step again changes nothing. */
  take(step: Step): Promise<void>;
  close(): Promise<void>;
}
