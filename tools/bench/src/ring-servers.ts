import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { StartupError } from '@ringside/core';
import { readRing } from '@ringside/ring-tool';

import type { RowResult, Skipped } from './row.js';

/** One region of real servers, in a tenant's namespace and under keyspaces of this run alone. */
export interface RingServers {
  readonly eventLogUrl: string;
  readonly viewStoreUrl: string;
  /** Of the servers: what they take is part of what is measured. */
  readonly pids: readonly number[];
}

/** Throws `StartupError` where no region of that directory's ring runs. */
export function ringServersIn(directory: string): RingServers {
  const running = readRing(resolve(directory)).regions.find(({ servers }) => servers.every(({ pid }) => pid !== null));
  if (running === undefined) throw new StartupError(`No ring runs in ${directory}: npm run ring:up -- --data ${directory}`);
  const run = randomUUID().slice(0, 8);
  return {
    eventLogUrl: `${running.eventLogUrl}/ringside/bench-${run}`,
    viewStoreUrl: running.viewStoreUrl.replace('?', `/bench_${run}?`),
    pids: running.servers.flatMap(({ pid }) => (pid === null ? [] : [pid])),
  };
}

const skipped: Skipped = { kind: 'skipped', why: 'it takes real servers: npm run ring:up, and then --ring' };

/** What a row on real servers answers where it was not given any. */
export const onRing = async (
  ring: RingServers | undefined,
  run: (ring: RingServers) => Promise<RowResult>,
): Promise<RowResult> => (ring === undefined ? skipped : run(ring));
