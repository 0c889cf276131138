import type { promoterOf } from '../terms/promote.js';

/** Promotes a region. */
export const PROMOTE = Symbol('PROMOTE');
export type Promote = ReturnType<typeof promoterOf>;

/** The `RingPolicy`; undefined without a ring. */
export const POLICY = Symbol('POLICY');
