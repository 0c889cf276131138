import type { Json } from '@ringside/core';

import type { Place } from './settings.js';

/** Something is set otherwise than the policy says. */
export interface Difference {
  readonly region: string;
  readonly place: Place;
  /** The place as one line. */
  readonly at: string;
  /** What asks for it: a path within the policy, or `always: ` and the reason. */
  readonly rule: string;
  /** Undefined where it should not be there. */
  readonly wanted: Json | undefined;
  /** Undefined where it is not there. */
  readonly live: Json | undefined;
  /** What is in the way of mending it: it would lose data, or nobody but a person can. */
  readonly mending: 'safe' | 'loses_data' | 'by_hand';
}

/**
 * When a step is taken, over all regions: nothing is made or widened anywhere before everything too wide has been narrowed
 * everywhere.
 */
export const phases = ['narrow', 'make', 'set', 'widen', 'topics', 'allow', 'remove'] as const;
export type Phase = (typeof phases)[number];

export interface Step {
  readonly region: string;
  readonly phase: Phase;
  readonly place: Place;
  readonly rule: string;
  /** What is to be there; undefined where it is to be gone. */
  readonly to: Json | undefined;
  /** What was there; undefined where it was not. */
  readonly from: Json | undefined;
}
