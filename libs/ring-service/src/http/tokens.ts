import type { RingPolicy } from '@ringside/data-ring';
import { ProblemException, problems } from '@ringside/platform';
import type { RingControl } from '@ringside/ring-control';

import type { promoterOf } from '../terms/promote.js';

/** Promotes a region. */
export const PROMOTE = Symbol('PROMOTE');
export type Promote = ReturnType<typeof promoterOf>;

/** The `RingPolicy`; undefined without a ring. */
export const POLICY = Symbol('POLICY');

/** The `RingControl` of this region; undefined without a ring. */
export const CONTROL = Symbol('CONTROL');

const noRing = (): ProblemException =>
  new ProblemException(problems.conflict, 'This region is by itself: RINGSIDE_RING names no policy of a ring.');

/** Throws `ProblemException` (409) where there is none. */
export function policyOf(policy: RingPolicy | undefined): RingPolicy {
  if (policy === undefined) throw noRing();
  return policy;
}

/** Throws `ProblemException` (409) where there is none. */
export function controlOf(control: RingControl | undefined): RingControl {
  if (control === undefined) throw noRing();
  return control;
}
