import { readFileSync } from 'node:fs';

import type { RunOptions } from '../run/run.js';

/** A seed that once failed, with what was wrong. */
export interface RegressionSeed extends RunOptions {
  readonly why: string;
}

/** Seeds that once failed: they are played first. */
export const regressionSeeds = (): readonly RegressionSeed[] =>
  JSON.parse(readFileSync(new URL('../../regression-seeds.json', import.meta.url), 'utf8')) as readonly RegressionSeed[];
