import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { StartupError } from '@ringside/core';
import { parseProperties } from './properties.js';

/** The root of the workspace: sources and builds of this project lie equally deep below it. */
const root = new URL('../../../', import.meta.url);
const inWorkspace = (path: string): string => fileURLToPath(new URL(path, root));

export const mavenProject = inWorkspace('tools/ring/maven/pom.xml');
export const cassandraYaml = inWorkspace('tools/ring/cassandra/cassandra.yaml');
export const cassandraLogging = inWorkspace('tools/ring/cassandra/logback.xml');
export const defaultCacheDirectory = inWorkspace('.cache/ring');

export interface Versions {
  readonly pulsar: string;
  readonly bookkeeper: string;
  readonly cassandra: string;
}

/** The versions of the servers, from the file that docker compose reads too. */
export function readVersions(): Versions {
  const versions = parseProperties(readFileSync(inWorkspace('docker/.env'), 'utf8'));
  const versionOf = (key: string): string => {
    const version = versions.get(key);
    if (version === undefined) throw new StartupError(`docker/.env does not say ${key}.`);
    return version;
  };
  return {
    pulsar: versionOf('PULSAR_VERSION'),
    bookkeeper: versionOf('BOOKKEEPER_VERSION'),
    cassandra: versionOf('CASSANDRA_VERSION'),
  };
}

/** Settings of Pulsar that hold with Docker and without it. */
export const readPulsarSettings = (): ReadonlyMap<string, string> =>
  parseProperties(readFileSync(inWorkspace('docker/ring/pulsar.env'), 'utf8'));
