import { join } from 'node:path';
import { StartupError } from '@ringside/core';
import { portsOfBlock, type RegionPorts } from './ports.js';
import { isRunning } from './processes.js';
import { readRingFile, serverNames, type RegionRecord, type ServerName } from './ring-file.js';

export interface RingServer {
  readonly name: ServerName;
  /** Null where it does not run. */
  readonly pid: number | null;
  readonly logFile: string;
}

export interface RingRegion {
  readonly name: string;
  readonly ports: RegionPorts;
  readonly servers: readonly RingServer[];
  /** Value of `RINGSIDE_EVENT_LOG`; Pulsar's admin API and its WebSocket API are at the same port. */
  readonly eventLogUrl: string;
  /** The same for the native client, which has a port of its own and needs the admin API beside it. */
  readonly nativeEventLogUrl: string;
  /** Value of `RINGSIDE_VIEW_STORE`. */
  readonly viewStoreUrl: string;
}

export interface Ring {
  /** Absolute. */
  readonly directory: string;
  readonly regions: readonly RingRegion[];
}

/** What a ring's directory holds and what of it runs now. A directory without a ring has no regions. */
export function readRing(directory: string): Ring {
  return { directory, regions: readRingFile(directory).regions.map((region) => describeRegion(directory, region)) };
}

export function describeRegion(directory: string, { name, block, processes }: RegionRecord): RingRegion {
  const ports = portsOfBlock(block);
  return {
    name,
    ports,
    servers: serverNames.map((server) => {
      const process = processes[server];
      const pid = process !== null && isRunning(process) ? process.pid : null;
      return { name: server, pid, logFile: logFileOf(directory, name, server) };
    }),
    eventLogUrl: `pulsar+ws://127.0.0.1:${ports.pulsarWeb}`,
    nativeEventLogUrl: `pulsar://127.0.0.1:${ports.pulsarBroker}?admin=http://127.0.0.1:${ports.pulsarWeb}`,
    viewStoreUrl: `cql://127.0.0.1:${ports.cql}?dialect=cassandra&datacenter=datacenter1&replication=1`,
  };
}

export const directoryOf = (directory: string, region: string): string => join(directory, region);
export const logFileOf = (directory: string, region: string, server: ServerName): string =>
  join(directoryOf(directory, region), `${server}.log`);

/** Throws {@link StartupError} for a name that a region cannot have. Services and Pulsar have the same rule. */
export function checkRegionNames(names: readonly string[]): void {
  for (const name of names) {
    // Pulsar gives the name "global" a meaning of its own.
    if (!/^[a-z][a-z0-9-]{0,31}$/.test(name) || name === 'global') {
      throw new StartupError(
        `"${name}" cannot name a region: take 1 to 32 of a-z, 0-9 and -, a letter first, and not "global".`,
      );
    }
  }
  if (names.length === 0 || new Set(names).size < names.length)
    throw new StartupError('Name each region once, and at least one.');
}
