import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { StartupError } from '@ringside/core';
import { cassandraConf, cassandraServer } from './cassandra.js';
import { probeCql } from './cql-ready.js';
import type { Distributions } from './fetch-servers.js';
import { lastLines } from './log-files.js';
import { portsOfBlock, stillTaken, type RegionPorts } from './ports.js';
import { isRunning, startDetached, type ProcessIdentity } from './processes.js';
import { probePulsar } from './pulsar-ready.js';
import { pulsarConf, pulsarServer } from './pulsar.js';
import { directoryOf, logFileOf } from './regions.js';
import type { RegionRecord, ServerName } from './ring-file.js';
import type { JvmServer, ServerPlace } from './server.js';
import { cassandraYaml, readPulsarSettings } from './shared-settings.js';

export interface Toolchain extends Distributions {
  readonly java: string;
}

interface ServerKind {
  readonly label: string;
  readonly ports: (ports: RegionPorts) => readonly number[];
  readonly describe: (place: ServerPlace, toolchain: Toolchain) => JvmServer;
  /** Resolves if the server did its work. */
  readonly probe: (region: string, ports: RegionPorts) => Promise<void>;
}

const kinds: Readonly<Record<ServerName, ServerKind>> = {
  pulsar: {
    label: 'Pulsar',
    ports: ({ pulsarWeb, pulsarBroker, bookie }) => [pulsarWeb, pulsarBroker, bookie],
    describe: (place, { pulsarHome, bookkeeperHome }) => {
      const base = readFileSync(join(pulsarHome, 'conf', 'standalone.conf'), 'utf8');
      return pulsarServer(place, { pulsarHome, bookkeeperHome }, pulsarConf(base, readPulsarSettings(), place));
    },
    probe: (region, { pulsarWeb }) => probePulsar(region, pulsarWeb),
  },
  cql: {
    label: 'Cassandra',
    ports: ({ cql, cassandraStorage }) => [cql, cassandraStorage],
    describe: (place, { cassandraHome }) =>
      cassandraServer(place, cassandraHome, cassandraConf(readFileSync(cassandraYaml, 'utf8'), place)),
    probe: (_region, { cql }) => probeCql(cql),
  },
};

export const labelOf = (server: ServerName): string => kinds[server].label;

/**
 * A process that was killed counts as ended once its first thread has; the others may hold its ports a little longer, and on a
 * busy machine a good deal longer.
 */
const portsFreeMsMax = 15_000;

/** Starts one server of a region on the region's ports and data. It is not ready then; see {@link awaitReady}. */
export async function startServer(
  directory: string,
  { name, block }: Pick<RegionRecord, 'name' | 'block'>,
  server: ServerName,
  toolchain: Toolchain,
): Promise<ProcessIdentity> {
  const kind = kinds[server];
  const ports = portsOfBlock(block);
  const occupied = await stillTaken(kind.ports(ports), portsFreeMsMax);
  if (occupied.length > 0) {
    throw new StartupError(
      `${kind.label} of region ${name} has its data bound to ports of which ${occupied.join(', ')} is taken: ` +
        'stop what listens there, or remove the data with `npm run ring:down -- --purge`.',
    );
  }
  const own = join(directoryOf(directory, name), server);
  const place: ServerPlace = { region: name, ports, directory: own, temporaryDirectory: join(own, 'tmp') };
  rmSync(place.temporaryDirectory, { recursive: true, force: true });
  mkdirSync(place.temporaryDirectory, { recursive: true });
  const { files, javaArguments } = kind.describe(place, toolchain);
  for (const [file, text] of Object.entries(files)) writeFileSync(file, text);
  const command = { file: toolchain.java, args: javaArguments, cwd: place.directory };
  return startDetached(command, logFileOf(directory, name, server));
}

/** A cold start takes 10 to 30 s; a loaded build machine is given several times that. */
const readyMsMax = 240_000;
const probeEveryMs = 500;

/** Waits until a server has done a piece of work for us. Throws {@link StartupError}, with its last words, where it does not. */
export async function awaitReady(
  directory: string,
  { name, block }: Pick<RegionRecord, 'name' | 'block'>,
  server: { readonly name: ServerName; readonly process: ProcessIdentity },
  signal?: AbortSignal,
): Promise<void> {
  const kind = kinds[server.name];
  const logFile = logFileOf(directory, name, server.name);
  const fail = (what: string, cause?: unknown): never => {
    const words = `Its last words, from ${logFile}:\n${lastLines(logFile, 15)}`;
    throw new StartupError(`${kind.label} of region ${name} ${what}. ${words}`, { cause });
  };
  const deadline = Date.now() + readyMsMax;
  for (;;) {
    try {
      return await kind.probe(name, portsOfBlock(block));
    } catch (error) {
      signal?.throwIfAborted();
      if (!isRunning(server.process)) fail('ended before it was ready');
      if (Date.now() > deadline) fail(`was not ready after ${readyMsMax / 1_000} s (${(error as Error).message})`, error);
    }
    await delay(probeEveryMs, undefined, { signal });
  }
}
