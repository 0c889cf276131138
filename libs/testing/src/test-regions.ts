import { placementOf, type RingPolicy } from '@ringside/data-ring';
import type { EventLog } from '@ringside/event-log';
import type { ServiceDefinition } from '@ringside/platform';
import { openReplicator, type ReplicationFaults } from '@ringside/replicator';

import { openTestRing, type TestRing, type TestRingOptions } from './test-ring.js';
import { until } from './until.js';

/** Several regions in one process: each with services, a log and stores of its own, and a replicator between their logs. */
export interface TestRegions {
  readonly regions: readonly string[];
  region(name: string): TestRing;
  /** Nothing is copied from one to the other any more: both ways, unless `oneWay`. */
  cut(from: string, to: string, how?: { readonly oneWay?: boolean }): Promise<void>;
  heal(from: string, to: string): void;
  /** Resolves once every event is wherever it may be, and every subscription has acknowledged it. Cut links have to be healed. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

export interface TestRegionsOptions extends Omit<TestRingOptions, 'placement'> {
  readonly policy: RingPolicy;
  /** Which of the policy's regions run; all of them where absent. */
  readonly regions?: readonly string[];
  readonly faults?: ReplicationFaults;
}

export async function openTestRegions(
  definitions: readonly ServiceDefinition[],
  { policy, regions = Object.keys(policy.regions), faults, ...options }: TestRegionsOptions,
): Promise<TestRegions> {
  const rings = new Map<string, TestRing>();
  const closeRings = async (): Promise<void> => {
    for (const ring of rings.values()) await ring.close();
  };
  try {
    for (const name of regions) {
      const placement = placementOf(policy, name);
      const ring = await openTestRing(definitions, { ...options, placement });
      rings.set(name, ring);
      // What no service here makes is still there to be copied.
      for (const { name: topic, topic: contract } of placement.held) await ring.log.createTopic(topic, contract);
    }
  } catch (error) {
    await closeRings();
    throw error;
  }
  const logs = Object.fromEntries([...rings].map(([name, { log }]) => [name, log]));
  const replicator = openReplicator({ policy, logs, ...(faults !== undefined && { faults }) });

  const isSettled = async (): Promise<boolean> => {
    const before = await headsOf(Object.values(logs));
    if (!(await replicator.caughtUp())) return false;
    for (const ring of rings.values()) if (!(await ring.isSettled())) return false;
    // What was acknowledged may have led to something that is to be copied now.
    return (await headsOf(Object.values(logs))) === before;
  };

  return {
    regions,
    region(name) {
      const ring = rings.get(name);
      if (ring === undefined) throw new Error(`No region "${name}" runs here: there are ${regions.join(', ')}.`);
      return ring;
    },
    async cut(from, to, { oneWay = false } = {}) {
      await replicator.link(from, to).cut();
      if (!oneWay) await replicator.link(to, from).cut();
    },
    heal(from, to) {
      replicator.link(from, to).heal();
      replicator.link(to, from).heal();
    },
    settle: () => until('every event is wherever it may be, and in the views', isSettled, 60_000),
    async close() {
      await replicator.close();
      await closeRings();
    },
  };
}

async function headsOf(logs: readonly EventLog[]): Promise<string> {
  const heads = logs.map(async (log) => {
    const topics = await log.topics();
    return Promise.all(topics.map(async ({ topic }) => [topic, await log.heads(topic)]));
  });
  return JSON.stringify(await Promise.all(heads));
}
