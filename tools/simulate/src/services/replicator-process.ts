import type { RingPolicy } from '@ringside/data-ring';
import { openReplicator, type Replicator } from '@ringside/replicator';

import { simulatedLog } from '../log/simulated-log.js';
import type { SimulatedProcess } from '../world/process.js';
import type { Region } from './region.js';
import type { Wrapping } from './surroundings.js';

/** What copies between the regions, in one process. */
export interface ReplicatorProcess {
  readonly kind: 'replicator';
  readonly process: SimulatedProcess;
  readonly replicator: Replicator;
  stop(): Promise<void>;
}

export interface ReplicatorSetup {
  readonly process: SimulatedProcess;
  readonly policy: RingPolicy;
  readonly regions: readonly Region[];
  readonly seed: number;
  /** The share of batches that arrive twice. */
  readonly duplicate: number;
  readonly wrapping: Wrapping;
}

export function startReplicator({ process, policy, regions, seed, duplicate, wrapping }: ReplicatorSetup): ReplicatorProcess {
  const logs = regions.map((region) => {
    const log = simulatedLog(region.log, process);
    return [region.name, wrapping.log?.(log, region, 'replicator') ?? log] as const;
  });
  const replicator = openReplicator({ policy, logs: Object.fromEntries(logs), faults: { seed, duplicate } });
  return { kind: 'replicator', process, replicator, stop: () => replicator.close() };
}
