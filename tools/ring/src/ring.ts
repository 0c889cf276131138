import { existsSync, readdirSync, rmSync, rmdirSync } from 'node:fs';
import { StartupError } from '@ringside/core';
import { fetchServers } from './fetch-servers.js';
import { findJava } from './java.js';
import { chooseBlock } from './ports.js';
import { isRunning, kill, stop, type ProcessIdentity } from './processes.js';
import { introduceClusters } from './pulsar-admin.js';
import { checkRegionNames, directoryOf, readRing, type Ring } from './regions.js';
import {
  readRingFile,
  removeRingFile,
  serverNames,
  withLock,
  withRegion,
  writeRingFile,
  type RegionRecord,
  type ServerName,
} from './ring-file.js';
import { defaultCacheDirectory, readVersions } from './shared-settings.js';
import { awaitReady, labelOf, startServer, type Toolchain } from './start-server.js';

export interface RingOptions {
  /** Where the ring keeps its data, its logs and what it knows of its processes; absolute. */
  readonly directory: string;
  /** Where the servers' distributions are kept between runs; `.cache/ring` of the workspace unless given. */
  readonly cacheDirectory?: string | undefined;
  readonly javaHome?: string | undefined;
  /** Takes a line about each step. */
  readonly report?: ((line: string) => void) | undefined;
  /** Gives up, and stops what was started. */
  readonly signal?: AbortSignal | undefined;
}

export interface ServerOfRegion {
  readonly region: string;
  readonly server: ServerName;
}

interface Started {
  readonly region: RegionRecord;
  readonly server: ServerName;
  readonly process: ProcessIdentity;
}

/** How long a server may take to write its memory to disk when it is asked to end. */
const stopGraceMs = 20_000;

/**
 * Starts one Pulsar and one Cassandra for every region named, unless they run already, and waits until each has done a piece of
 * work. Afterwards the Pulsar clusters know each other. Throws `StartupError`, and stops what it has started, where that fails.
 */
export async function ringUp(options: RingOptions, regions: readonly string[]): Promise<Ring> {
  checkRegionNames(regions);
  const { directory, report, signal } = options;
  const toolchain = await prepare(options);
  signal?.throwIfAborted();
  const started = await withLock(directory, () => startMissing(directory, regions, toolchain, report));
  try {
    await Promise.all(
      runningServers(directory, regions).map(async ({ region, server, process }) => {
        const since = Date.now();
        await awaitReady(directory, region, { name: server, process }, signal);
        report?.(`${labelOf(server)} of region ${region.name} is ready (${((Date.now() - since) / 1_000).toFixed(0)} s)`);
      }),
    );
    await introduceClusters(
      readRing(directory).regions.filter(({ servers }) => servers.some(({ name, pid }) => name === 'pulsar' && pid !== null)),
    );
  } catch (error) {
    await withLock(directory, async () => {
      await Promise.all(started.map(({ process }) => stop(process, stopGraceMs)));
      for (const { region, server } of started) record(directory, region.name, server, null);
    });
    throw error;
  }
  return readRing(directory);
}

async function prepare({ cacheDirectory, javaHome, report, signal }: RingOptions): Promise<Toolchain> {
  const java = await findJava(javaHome);
  const distributions = await fetchServers({
    cacheDirectory: cacheDirectory ?? defaultCacheDirectory,
    versions: readVersions(),
    report: report ?? (() => undefined),
    signal,
  });
  return { java, ...distributions };
}

async function startMissing(
  directory: string,
  names: readonly string[],
  toolchain: Toolchain,
  report: RingOptions['report'],
): Promise<readonly Started[]> {
  const started: Started[] = [];
  try {
    for (const name of names) {
      const region = await regionOf(directory, name);
      for (const server of serverNames) {
        const known = region.processes[server];
        if (known !== null && isRunning(known)) continue;
        const process = await startServer(directory, region, server, toolchain);
        record(directory, name, server, process);
        started.push({ region, server, process });
        report?.(`Starting ${labelOf(server)} of region ${name} (process ${process.pid})`);
      }
    }
  } catch (error) {
    await Promise.all(started.map(({ process }) => stop(process, stopGraceMs)));
    for (const { region, server } of started) record(directory, region.name, server, null);
    throw error;
  }
  return started;
}

/** A region's record. One that is new gets the first block of ports that is free, and keeps it. */
async function regionOf(directory: string, name: string): Promise<RegionRecord> {
  const ring = readRingFile(directory);
  const known = ring.regions.find((region) => region.name === name);
  if (known) return known;
  const block = await chooseBlock(new Set(ring.regions.map((region) => region.block)));
  const region: RegionRecord = { name, block, processes: { pulsar: null, cql: null } };
  writeRingFile(directory, withRegion(ring, region));
  return region;
}

function record(directory: string, name: string, server: ServerName, process: ProcessIdentity | null): void {
  const ring = readRingFile(directory);
  const region = ring.regions.find((other) => other.name === name);
  if (!region) throw new StartupError(`The ring in ${directory} was removed meanwhile.`);
  writeRingFile(directory, withRegion(ring, { ...region, processes: { ...region.processes, [server]: process } }));
}

function runningServers(directory: string, names?: readonly string[]): readonly Started[] {
  return readRingFile(directory)
    .regions.filter(({ name }) => names?.includes(name) ?? true)
    .flatMap((region) =>
      serverNames.flatMap((server) => {
        const process = region.processes[server];
        return process !== null && isRunning(process) ? [{ region, server, process }] : [];
      }),
    );
}

/**
 * Ends the servers of a ring: asks them first, and waits until they are gone. `purge` removes their data and logs as well.
 * Resolves with a line about each server that ran.
 */
export async function ringDown(directory: string, { purge = false } = {}): Promise<readonly string[]> {
  if (!existsSync(directory)) return [];
  const lines = await withLock(directory, async () => {
    const lines = await Promise.all(
      runningServers(directory).map(async ({ region, server, process }) => {
        const how = await stop(process, stopGraceMs);
        record(directory, region.name, server, null);
        return `${labelOf(server)} of region ${region.name} (process ${process.pid}): ${how}`;
      }),
    );
    if (purge) {
      for (const { name } of readRingFile(directory).regions)
        rmSync(directoryOf(directory, name), { recursive: true, force: true });
      removeRingFile(directory);
    }
    return lines;
  });
  if (readdirSync(directory).length === 0) rmdirSync(directory);
  return lines;
}

/** Ends a server as a power cut does. Its data stay; {@link restartServer} starts it again. */
export async function killServer(directory: string, { region, server }: ServerOfRegion): Promise<void> {
  await withLock(directory, async () => {
    const process = recordOf(directory, region).processes[server];
    if (process !== null) await kill(process);
    record(directory, region, server, null);
  });
}

/** Starts a server again on its ports and data, ending it first if it runs, and waits until it does its work. */
export async function restartServer(options: RingOptions, { region, server }: ServerOfRegion): Promise<void> {
  const { directory, signal } = options;
  const toolchain = await prepare(options);
  const process = await withLock(directory, async () => {
    const known = recordOf(directory, region);
    const running = known.processes[server];
    if (running !== null) await stop(running, stopGraceMs);
    const process = await startServer(directory, known, server, toolchain);
    record(directory, region, server, process);
    return process;
  });
  await awaitReady(directory, recordOf(directory, region), { name: server, process }, signal);
}

function recordOf(directory: string, name: string): RegionRecord {
  const region = readRingFile(directory).regions.find((other) => other.name === name);
  if (region) return region;
  throw new StartupError(`The ring in ${directory} has no region ${name}.`);
}
