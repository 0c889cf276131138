import type { Difference, Step } from '@ringside/data-ring';
import type { RingOperated } from '@ringside/events';

import type { Unenforced } from './region-admin.js';

/** What was found in one region. */
export interface RegionFindings {
  readonly region: string;
  /** `unreachable` with the reason in `problem`; the other lists are empty then. */
  readonly state: 'in_order' | 'differs' | 'unreachable' | 'failed';
  readonly problem: string | undefined;
  readonly differences: readonly Difference[];
  /** What the policy asks for and these servers hold nobody to. Neither in order nor a difference that could be mended. */
  readonly unenforced: readonly Unenforced[];
}

export interface RingPlan {
  /** SHA-256 of the policy. */
  readonly policy: string;
  readonly regions: readonly RegionFindings[];
  /** What `apply` would do, over all regions, in this order. */
  readonly steps: readonly Step[];
  /** What it would not do, each with the reason: what would lose data, what waits for a region that is away. */
  readonly held: readonly HeldBack[];
}

export interface HeldBack {
  readonly difference: Difference;
  readonly reason: 'loses_data' | 'by_hand' | 'region_away';
  /** A sentence for people. */
  readonly message: string;
}

export interface RingRun extends RingPlan {
  readonly startedAt: string;
  readonly by: string;
  /** Why the run is not in the record, in the regions where it is not; empty where it is in all. */
  readonly unrecorded: readonly string[];
}

export interface AppliedRun extends RingRun {
  /** Steps that were taken. `regions` says what is left afterwards, read anew. */
  readonly taken: readonly Step[];
}

export interface Operator {
  /** Who does it: the `sub` of a token, or a name from the command line. */
  readonly by: string;
}

export interface ApplyOptions extends Operator {
  /** Mends also what loses data. */
  readonly accept?: boolean;
  /** Told before each step. */
  readonly onStep?: (step: Step, number: number, of: number) => void;
}

/** Makes the servers of a ring what its policy says, and proves it. */
export interface RingControl {
  /** Changes nothing, and is not recorded. */
  plan(options?: { readonly accept?: boolean }): Promise<RingPlan>;
  /** Idempotent; after a crash it goes on with what is left, as it looks anew each time. Recorded as `RingOperated`, one for each region. */
  apply(options: ApplyOptions): Promise<AppliedRun>;
  /** Compares, and changes nothing. Recorded as `RingOperated`, one for each region. */
  audit(options: Operator): Promise<RingRun>;
  /** The record, newest first. */
  runs(options?: { readonly limit?: number }): Promise<readonly RingOperated[]>;
  close(): Promise<void>;
}
