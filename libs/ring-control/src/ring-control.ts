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
  /** Whether it was asked to stop before all steps were taken. */
  readonly wasInterrupted: boolean;
}

export interface Operator {
  /** Who does it: the `sub` of a token, or what was given on the command line. 1 to 128 characters on one line. */
  readonly by: string;
}

export interface AuditOptions extends Operator {
  /** Once aborted, it rejects with the signal's reason, and nothing is recorded. */
  readonly signal?: AbortSignal;
}

export interface ApplyOptions extends Operator {
  /** Mends also what loses data, and what differs only because a part of the ring is looked at. */
  readonly accept?: boolean;
  /** Once aborted, no further step is taken, and that is recorded. */
  readonly signal?: AbortSignal | undefined;
  /** Told before each step. `number` counts from 1. */
  readonly onStep?: ((step: Step, number: number, of: number) => void) | undefined;
}

/** Makes the servers of a ring what its policy says, and proves it. */
export interface RingControl {
  /** Changes nothing, and is not recorded. */
  plan(options?: { readonly accept?: boolean; readonly signal?: AbortSignal }): Promise<RingPlan>;
  /**
   * Idempotent: it looks anew each time, so that after a crash it goes on with what is left. Recorded as `RingOperated` for each
   * region: before the first step what is about to be done, and what came of it afterwards. A region that fails is left as it is, and
   * the others go on. Throws `InvalidOperatorError` before it does anything.
   */
  apply(options: ApplyOptions): Promise<AppliedRun>;
  /** Compares, and changes nothing. Recorded as `RingOperated`, one for each region. */
  audit(options: AuditOptions): Promise<RingRun>;
  /** The record, newest first; 100 of it where no limit is given. Empty where no region has one yet. */
  runs(options?: { readonly limit?: number }): Promise<readonly RingOperated[]>;
  /** Closes the administrations, and not the logs. */
  close(): Promise<void>;
}
