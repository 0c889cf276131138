import { placedTopics, placementOf, type RingPolicy } from '@ringside/data-ring';
import type { EventLog } from '@ringside/event-log';

import { faultsFrom, noFaults, type ReplicationFaults } from './faults.js';
import { openLink, type Link, type LinkEvents, type LinkStatus } from './link.js';

export interface ReplicatorOptions extends LinkEvents {
  readonly policy: RingPolicy;
  /** By region: all of the ring, or those of it that run. */
  readonly logs: Readonly<Record<string, EventLog>>;
  /** On every link, in ms; none where absent. */
  readonly delayMs?: number;
  /** What goes wrong on the way besides; nothing where absent. */
  readonly faults?: ReplicationFaults;
}

/** Copies what the policy lets travel between the logs of several regions, as Pulsar's geo-replication does between clusters. */
export interface Replicator {
  /** One for each ordered pair of regions. */
  readonly links: readonly Link[];
  /** Throws `RangeError` where there is no such link. */
  link(from: string, to: string): Link;
  status(): Promise<readonly LinkStatus[]>;
  /** Whether every link has copied what its source has had when it was asked. A cut link with something to copy has not. */
  caughtUp(): Promise<boolean>;
  /** What is under way is finished. The logs stay open: they are the caller's. */
  close(): Promise<void>;
}

/**
 * Starts copying at once, from where each link stopped the last time. Regions that are away are tried again until they are there.
 * Throws `RangeError` for a log of a region that the policy does not have.
 */
export function openReplicator({ policy, logs, delayMs = 0, faults, ...events }: ReplicatorOptions): Replicator {
  const regions = Object.keys(logs);
  const placements = new Map(regions.map((region) => [region, placementOf(policy, region)]));
  const travelling = placedTopics(policy).filter(({ zone }) => policy.zones[zone]?.kind !== 'regional');
  const fate = faults === undefined ? noFaults : faultsFrom(faults);
  const pairs = regions.flatMap((from) => regions.filter((to) => to !== from).map((to) => ({ from, to })));
  const links = pairs.map(({ from, to }) =>
    openLink({
      source: { region: from, log: logs[from]! },
      target: { region: to, log: logs[to]!, placement: placements.get(to)! },
      topics: travelling.filter((topic) => topic.regions.includes(from) && topic.regions.includes(to)),
      delayMs,
      fate,
      events,
    }),
  );
  return {
    links,
    link: (from, to) => {
      const found = links.find((link) => link.from === from && link.to === to);
      if (found === undefined)
        throw new RangeError(`There is no link from "${from}" to "${to}": regions are ${regions.join(', ')}.`);
      return found;
    },
    status: () => Promise.all(links.map((link) => link.status())),
    caughtUp: async () => (await Promise.all(links.map((link) => link.caughtUp()))).every(Boolean),
    close: async () => void (await Promise.all(links.map((link) => link.close()))),
  };
}
