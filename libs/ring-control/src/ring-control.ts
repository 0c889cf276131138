import type { Difference, HeldBack, Step } from '@ringside/data-ring';
import type { RingOperated } from '@ringside/events';

import type { Unenforced } from './region-admin.js';

/** What was found in one region. */
export interface RegionFindings {
  readonly region: string;
  /** `unreachable` or `failed`: nothing is known of a part of it, or of all. The other lists are of what could be read. */
  readonly state: 'in_order' | 'differs' | 'unreachable' | 'failed';
  /** A sentence for people. */
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

export interface RingRun extends RingPlan {
  readonly startedAt: string;
  readonly by: string;
  /** Why the run is not in the record, for each region of which it is not. */
  readonly unrecorded: readonly string[];
}

export interface AppliedRun extends RingRun {
  /** Steps that were taken. `regions`, `steps` and `held` say what is left afterwards, read anew. */
  readonly taken: readonly Step[];
}

export interface Operator {
  /** Who does it: the `sub` of a token, or a name from the command line. */
  readonly by: string;
}

export interface ApplyOptions extends Operator {
  /** Mends also what loses data. */
  readonly accept?: boolean;
  /** Told before each step. `number` counts from 1. */
  readonly onStep?: (step: Step, number: number, of: number) => void;
}

/** Makes the servers of a ring what its policy says, and proves it. */
export interface RingControl {
  /** Changes nothing, and is not recorded. */
  plan(options?: { readonly accept?: boolean }): Promise<RingPlan>;
  /**
   * Idempotent: it looks anew each time, so that after a crash it goes on with what is left. Recorded as `RingOperated`, one for
   * each region. A region that fails is left as it is, and the others go on.
   */
  apply(options: ApplyOptions): Promise<AppliedRun>;
  /** Compares, and changes nothing. Recorded as `RingOperated`, one for each region. */
  audit(options: Operator): Promise<RingRun>;
  /** The record, newest first; 100 of it where no limit is given. Empty where no region has one yet. */
  runs(options?: { readonly limit?: number }): Promise<readonly RingOperated[]>;
  /** Closes the administrations, and not the logs. */
  close(): Promise<void>;
}
