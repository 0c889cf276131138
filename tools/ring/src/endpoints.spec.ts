import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { StartupError } from '@ringside/core';
import { endpointsOfRing, readEndpoints } from './endpoints.js';
import { writeRingFile } from './ring-file.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ringside-endpoints-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

function file(text: string): string {
  const path = join(directory, 'endpoints.yaml');
  writeFileSync(path, text);
  return path;
}

const whole = `# comments are allowed
regions:
  eu:
    eventLog: pulsar+wss://pulsar.eu.example:8443?tokenFile=/run/secrets/pulsar
    broker: pulsar+ssl://pulsar.eu.example:6651
    viewStore: cql://admin:\${CQL_PASSWORD}@scylla.eu.example?datacenter=eu-central
  us: { eventLog: 'pulsar://us:6650', broker: 'pulsar://us:6650', service: 'http://us-inside:8080' }
`;

describe('a file of endpoints', () => {
  it('says where each region is, with secrets from the environment', async () => {
    expect(await readEndpoints(file(whole), { CQL_PASSWORD: 's3cret' })).toEqual([
      {
        region: 'eu',
        eventLogUrl: 'pulsar+wss://pulsar.eu.example:8443?tokenFile=/run/secrets/pulsar',
        viewStoreUrl: 'cql://admin:s3cret@scylla.eu.example?datacenter=eu-central',
        address: {
          serviceUrl: 'https://pulsar.eu.example:8443',
          brokerServiceUrl: 'pulsar+ssl://pulsar.eu.example:6651',
        },
      },
      {
        region: 'us',
        eventLogUrl: 'pulsar://us:6650',
        viewStoreUrl: undefined,
        address: { serviceUrl: 'http://us-inside:8080', brokerServiceUrl: 'pulsar://us:6650' },
      },
    ]);
  });

  it.each([
    [whole, /the variable CQL_PASSWORD, which is not set/],
    ['regions: [', /are not right/],
    ['regions: { eu: { eventLog: "pulsar://eu" } }', /regions\.eu\.broker/],
    ['regions: { eu: { eventLog: 5, broker: "pulsar://eu" } }', /at regions\.eu\.eventLog there must be a text\./],
    [
      'regions: { eu: { eventLogs: "x", eventLog: "pulsar://eu", broker: "pulsar://eu" } }',
      /at regions\.eu there is "eventLogs", which is not known/,
    ],
    ['regions: { eu: { eventLog: "pulsar://eu", broker: "eu:6650" } }', /must be pulsar:\/\/host:port/],
    ['regions: { eu: { eventLog: "kafka://eu", broker: "pulsar://eu:6650" } }', /URL of Pulsar/],
  ])('is refused where it is wrong: %j', async (text, message) => {
    const reading = readEndpoints(file(text), {});
    await expect(reading).rejects.toThrow(StartupError);
    await expect(reading).rejects.toThrow(message);
  });

  it('has to be there', async () => {
    await expect(readEndpoints(join(directory, 'missing.yaml'), {})).rejects.toThrow(/cannot be read/);
  });
});

describe('the servers of a ring on this machine', () => {
  it('are where they were started, whether they run or not', () => {
    writeRingFile(directory, { format: 1, regions: [{ name: 'eu', block: 1, processes: { pulsar: null, cql: null } }] });
    expect(endpointsOfRing(directory)).toEqual([
      {
        region: 'eu',
        eventLogUrl: 'pulsar+ws://127.0.0.1:18180',
        viewStoreUrl: expect.stringContaining('cql://127.0.0.1:18142'),
        address: { serviceUrl: 'http://127.0.0.1:18180', brokerServiceUrl: 'pulsar://127.0.0.1:18150' },
      },
    ]);
  });

  it('have to have been started', () => {
    expect(() => endpointsOfRing(directory)).toThrow(/npm run ring:up/);
  });
});
