import { join } from 'node:path';
import { networkInterfaces } from 'node:os';
import { StartupError } from '@ringside/core';
import type { Distributions } from './fetch-servers.js';
import { jvmOptions, openToAll } from './java.js';
import { overrideProperties, parseProperties } from './properties.js';
import type { JvmServer, ServerPlace } from './server.js';

/**
 * Pulsar standalone: broker, bookie and metadata store in one process.
 *
 * It runs with a later BookKeeper than it comes with. That one's `BookieServiceInfo` has no `equals`, and Pulsar's lock on the
 * bookie's registration compares two of them: where a killed broker has left its registration behind, the next one may find its
 * own to be a stranger's, delete it and make it anew, hear of that deletion, and go on like this for as long as it runs. Topics
 * then load or fail by chance ("Not enough non-faulty bookies available"). See apache/pulsar#25001 and apache/bookkeeper#4686.
 */
export function pulsarServer(
  place: ServerPlace,
  { pulsarHome, bookkeeperHome }: Pick<Distributions, 'pulsarHome' | 'bookkeeperHome'>,
  standaloneConf: string,
): JvmServer {
  const conf = join(place.directory, 'standalone.conf');
  return {
    files: { [conf]: standaloneConf },
    javaArguments: [
      ...jvmOptions({ heapMegabytes: 512, directMegabytes: 512 }, place.temporaryDirectory),
      ...options,
      `-Dpulsar.config.file=${conf}`,
      '-cp',
      [join(pulsarHome, 'conf'), join(bookkeeperHome, '*'), join(pulsarHome, 'lib', '*')].join(':'),
      'org.apache.pulsar.PulsarStandaloneStarter',
      '--no-functions-worker',
      '--no-stream-storage',
      ...['--config', conf],
      ...['--metadata-dir', join(place.directory, 'metadata')],
      ...['--bookkeeper-dir', join(place.directory, 'bookkeeper')],
      ...['--bookkeeper-port', String(place.ports.bookie)],
    ],
  };
}

/** The distribution's configuration, with what is shared with Docker and what this region alone has. */
export function pulsarConf(
  base: string,
  shared: ReadonlyMap<string, string>,
  { region, ports }: Pick<ServerPlace, 'region' | 'ports'>,
): string {
  const known = parseProperties(base);
  const unknown = [...shared.keys()].filter((key) => !known.has(key));
  // Docker's image passes over what is not in the file, and so would leave it unset there without a word.
  if (unknown.length > 0)
    throw new StartupError(`docker/ring/pulsar.env sets what this Pulsar does not have: ${unknown.join(', ')}.`);
  const own = {
    clusterName: region,
    brokerServicePort: String(ports.pulsarBroker),
    webServicePort: String(ports.pulsarWeb),
    bindAddress: '127.0.0.1',
    advertisedAddress: '127.0.0.1',
    // The bookie's address is part of its data. Without the first of these it takes any free port at its first start and
    // another at a later one, which then refuses the data; without the second it listens on every interface.
    allowEphemeralPorts: 'true',
    listeningInterface: loopbackInterface(),
    // A region that a namespace goes to anew, or again, gets what was published before as well; what it has already, deduplication
    // drops. The distribution's file does not have this setting, whose default is to begin with what comes next.
    replicationStartAt: 'earliest',
  };
  return overrideProperties(base, new Map([...shared, ...Object.entries(own)]));
}

/** `lo` on Linux, `lo0` on macOS. */
function loopbackInterface(): string {
  const found = Object.entries(networkInterfaces()).find(([, addresses]) => addresses?.some(({ internal }) => internal));
  return found?.[0] ?? 'lo';
}

/**
 * What the distribution's own `bin/pulsar` gives to Java. The script itself is not used: it does not bear a space in a path, and
 * reserves gigabytes.
 */
const options: readonly string[] = [
  '-Dlog4j.configurationFile=log4j2.yaml',
  '-Dlog4j.shutdownHookEnabled=false',
  '-Dlog4j2.is.webapp=false',
  '-Dpulsar.log.appender=Console',
  '-Dpulsar.log.level=info',
  '-Dpulsar.log.root.level=info',
  '-Djava.net.preferIPv4Stack=true',
  '-Djute.maxbuffer=10485760',
  '-Dio.netty.tryReflectionSetAccessible=true',
  '-Dorg.apache.pulsar.shade.io.netty.tryReflectionSetAccessible=true',
  '-Dpulsar.allocator.exit_on_oom=true',
  '-Dbookkeeper.metadata.bookie.drivers=org.apache.pulsar.metadata.bookkeeper.PulsarMetadataBookieDriver',
  '-Dbookkeeper.metadata.client.drivers=org.apache.pulsar.metadata.bookkeeper.PulsarMetadataClientDriver',
  '--enable-native-access=ALL-UNNAMED',
  ...openToAll([
    'java.base/java.io',
    'java.base/java.nio',
    'java.base/java.util.zip',
    'java.base/jdk.internal.misc',
    'java.base/jdk.internal.platform',
    'java.management/sun.management',
    'jdk.management/com.sun.management.internal',
  ]),
];
