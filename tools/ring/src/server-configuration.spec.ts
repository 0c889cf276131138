import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { StartupError } from '@ringside/core';
import { parse } from 'yaml';
import { cassandraConf } from './cassandra.js';
import { javaMajorIn } from './java.js';
import { portsOfBlock } from './ports.js';
import { parseProperties } from './properties.js';
import { pulsarConf, pulsarServer } from './pulsar.js';
import { checkRegionNames } from './regions.js';
import { cassandraYaml, readPulsarSettings, readVersions } from './shared-settings.js';

const directory = '/rings/a ring/eu';
const place = { region: 'eu', ports: portsOfBlock(1), directory, temporaryDirectory: `${directory}/tmp` };

describe("Pulsar's configuration", () => {
  const distributed = [...readPulsarSettings().keys()].map((key) => `${key}=`).join('\n');
  const base = `clusterName=standalone\nwebServicePort=8080\n${distributed}\nkept=1`;

  it('is that of the distribution, with what Docker has too and what the region has', () => {
    const conf = parseProperties(pulsarConf(base, readPulsarSettings(), place));
    expect(Object.fromEntries(conf)).toMatchObject({
      kept: '1',
      clusterName: 'eu',
      webServicePort: '18180',
      brokerServicePort: '18150',
      bindAddress: '127.0.0.1',
      journalSyncData: 'true',
      allowAutoTopicCreation: 'false',
      defaultRetentionTimeInMinutes: '-1',
      defaultRetentionSizeInMB: '-1',
      brokerDeleteInactiveTopicsEnabled: 'false',
      webSocketServiceEnabled: 'true',
    });
    expect(conf.get('listeningInterface')).toMatch(/^lo/);
  });

  it('is refused where it sets what the distribution does not have', () => {
    const another = base.replace('journalSyncData=', 'renamed=');
    expect(() => pulsarConf(another, readPulsarSettings(), place)).toThrow(/journalSyncData/);
  });

  it('is given to Java whole, spaces in paths included', () => {
    const { files, javaArguments } = pulsarServer(
      place,
      { pulsarHome: '/caches/my pulsar', bookkeeperHome: '/caches/bookkeeper' },
      'conf',
    );
    expect(files).toEqual({ '/rings/a ring/eu/standalone.conf': 'conf' });
    expect(javaArguments).toContain('/caches/my pulsar/conf:/caches/bookkeeper/*:/caches/my pulsar/lib/*');
    expect(javaArguments).toContain('-Djava.io.tmpdir=/rings/a ring/eu/tmp');
    expect(javaArguments.slice(javaArguments.indexOf('--bookkeeper-port'))).toEqual(['--bookkeeper-port', '18181']);
  });
});

describe("Cassandra's configuration", () => {
  it('is one YAML document in which no setting is made twice', () => {
    const conf: unknown = parse(cassandraConf(readFileSync(cassandraYaml, 'utf8'), place));
    expect(conf).toMatchObject({
      cluster_name: 'eu',
      commitlog_sync: 'batch',
      num_tokens: 1,
      auto_bootstrap: false,
      rpc_address: '127.0.0.1',
      native_transport_port: 18_142,
      storage_port: 18_170,
      data_file_directories: ['/rings/a ring/eu/data'],
      seed_provider: [{ parameters: [{ seeds: '127.0.0.1:18170' }] }],
    });
  });
});

describe('what the servers need', () => {
  it.each([
    ['openjdk version "17.0.15" 2025-04-15', 17],
    ['java version "1.8.0_402"', 8],
    ['openjdk version "21" 2023-09-19', 21],
    ['something else', null],
  ])('is read from %j', (said, major) => expect(javaMajorIn(said)).toBe(major));

  it('is versions that are whole', () => {
    for (const version of Object.values(readVersions())) expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  });

  it.each([[[]], [['eu', 'eu']], [['EU']], [['../eu']], [['global']], [['']]])('is not a ring of %j', (names) => {
    expect(() => checkRegionNames(names)).toThrow(StartupError);
  });

  it('is names such as these', () => expect(() => checkRegionNames(['local', 'eu', 'us-east-1'])).not.toThrow());
});
