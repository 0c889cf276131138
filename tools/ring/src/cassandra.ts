import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { StartupError } from '@ringside/core';
import { exportToAll, jvmOptions, openToAll } from './java.js';
import type { JvmServer, ServerPlace } from './server.js';
import { cassandraLogging } from './shared-settings.js';

/** One Cassandra node that is a cluster of its own. `home` holds its jars, `yaml` is from {@link cassandraConf}. */
export function cassandraServer(place: ServerPlace, home: string, yaml: string): JvmServer {
  const conf = join(place.directory, 'cassandra.yaml');
  return {
    files: { [conf]: yaml },
    javaArguments: [
      ...jvmOptions({ heapMegabytes: 768, directMegabytes: 256 }, place.temporaryDirectory),
      `-javaagent:${memoryMeter(home)}`,
      `-Dcassandra.config=${pathToFileURL(conf).href}`,
      `-Dcassandra.storagedir=${place.directory}`,
      `-Dlogback.configurationFile=${cassandraLogging}`,
      ...options,
      '-cp',
      join(home, '*'),
      'org.apache.cassandra.service.CassandraDaemon',
    ],
  };
}

function memoryMeter(home: string): string {
  const jar = readdirSync(home).find((name) => /^jamm-[\d.]+\.jar$/.test(name));
  if (jar === undefined) throw new StartupError(`${home} holds no jamm.jar; remove that folder, and it is fetched again.`);
  return join(home, jar);
}

/** The settings that all regions share, and below them what this one alone has. JSON is YAML. */
export function cassandraConf(base: string, { region, ports, directory }: ServerPlace): string {
  const own = {
    cluster_name: region,
    listen_address: '127.0.0.1',
    storage_port: ports.cassandraStorage,
    rpc_address: '127.0.0.1',
    native_transport_port: ports.cql,
    seed_provider: [
      {
        class_name: 'org.apache.cassandra.locator.SimpleSeedProvider',
        parameters: [{ seeds: `127.0.0.1:${ports.cassandraStorage}` }],
      },
    ],
    data_file_directories: [join(directory, 'data')],
    commitlog_directory: join(directory, 'commitlog'),
    saved_caches_directory: join(directory, 'saved_caches'),
    hints_directory: join(directory, 'hints'),
    cdc_raw_directory: join(directory, 'cdc_raw'),
  };
  const lines = Object.entries(own).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
  return `${base.replace(/\n+$/, '')}\n\n${lines.join('\n')}\n`;
}

/** A node without neighbours need not wait for them; the rest is what Cassandra's jvm17-server.options opens. */
const options: readonly string[] = [
  '-Dcassandra-foreground=yes',
  '-Dcassandra.ring_delay_ms=0',
  '-Dcassandra.skip_wait_for_gossip_to_settle=0',
  '-Dcassandra.superuser_setup_delay_ms=-1',
  '-Djdk.attach.allowAttachSelf=true',
  '-Dio.netty.tryReflectionSetAccessible=true',
  ...exportToAll([
    'java.base/java.lang.ref',
    'java.base/jdk.internal.misc',
    'java.base/jdk.internal.ref',
    'java.base/sun.nio.ch',
    'java.management.rmi/com.sun.jmx.remote.internal.rmi',
    'java.rmi/sun.rmi.registry',
    'java.rmi/sun.rmi.server',
    'java.sql/java.sql',
    'jdk.attach/sun.tools.attach',
    'jdk.unsupported/sun.misc',
  ]),
  ...openToAll([
    'java.base/java.io',
    'java.base/java.lang',
    'java.base/java.lang.module',
    'java.base/java.lang.reflect',
    'java.base/java.net',
    'java.base/java.nio',
    'java.base/java.util',
    'java.base/java.util.concurrent',
    'java.base/java.util.concurrent.atomic',
    'java.base/jdk.internal.loader',
    'java.base/jdk.internal.math',
    'java.base/jdk.internal.module',
    'java.base/jdk.internal.ref',
    'java.base/jdk.internal.reflect',
    'java.base/jdk.internal.util.jar',
    'java.base/sun.nio.ch',
    'java.rmi/sun.rmi.transport.tcp',
    'jdk.management/com.sun.management.internal',
  ]),
];
