import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { freePortBase } from '@ringside/service-processes';
import { expectAllVerified, intakeOf, underLoad } from './load.fixture.js';
import { endAll, isAlive, until } from './processes.fixture.js';
import { allReady, fileOne, serversUnderTest, untilReadiness, type Readiness, type ServersUnderTest } from './ring.fixture.js';
import { runLoadgen, startRingside, type Ringside } from './ringside.fixture.js';

/*
 * The four services as processes, on one Pulsar and one Cassandra. What is started here is started once: the faults come one
 * after the other, and each begins with servers that do their work, or says that they do not.
 */
let data: string;
let portBase: number;
let servers: ServersUnderTest;
let ringside: Ringside;

/** The services may take this long for each answer of readiness; a bit more on a machine that is busy. */
const readinessMsMax = 3_500;
const recoverySecondsMax = 60;

/** Faults of servers are no reason for a service to die, even if it would be started again. */
afterEach(() => expect(ringside.start.output()).not.toMatch(/ died /));

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'ringside-e2e-'));
  portBase = await freePortBase();
  servers = await serversUnderTest();
  await servers.makeWhole();
  ringside = await startRingside(data, portBase, servers.env);
}, 420_000);

/** What an earlier fault has left down must not be what a later one is blamed for. A server is given four minutes to start. */
beforeEach(() => servers.makeWhole(), 300_000);

afterAll(async () => {
  await endAll();
  await Promise.all([servers.pulsar.cut(), servers.cql.cut()]);
  await servers.makeWhole();
  await rm(data, { recursive: true, force: true });
}, 300_000);

const intake = () => intakeOf(ringside);

const expectInTime = ({ answeredMs }: Readiness): void => expect(answeredMs).toBeLessThan(readinessMsMax);

describe('Ringside on Pulsar and Cassandra that fail', () => {
  it('loses nothing and doubles nothing when the broker is killed under load', async () => {
    const loadgen = await underLoad(ringside, 60, '--reports', '300', '--rate', '40', '--deadline', '100');
    await servers.kill('pulsar');
    for (const service of ringside.services) {
      const down = await untilReadiness(service, 'that the log is away', 10, ({ code }) => code === 503);
      expect(down).toMatchObject({ status: 'error', eventLog: { status: 'down' }, viewStore: { status: 'up' } });
      expectInTime(down);
    }
    const refused = await fileOne(intake().url);
    expect(refused).toEqual({
      status: 503,
      retryAfter: expect.stringMatching(/^\d+$/),
      type: 'urn:ringside:problem:unavailable',
      reportId: undefined,
    });
    await servers.restart('pulsar');
    await allReady(ringside, recoverySecondsMax);
    await expectAllVerified(loadgen);
  }, 150_000);

  it('loses nothing and doubles nothing when the store is killed under load', async () => {
    const loadgen = await underLoad(ringside, 60, '--reports', '300', '--rate', '40', '--deadline', '100');
    await servers.kill('cql');
    for (const service of ringside.services) {
      const down = await untilReadiness(service, 'that the store is away', 10, ({ code }) => code === 503);
      expect(down).toMatchObject({ status: 'error', eventLog: { status: 'up' }, viewStore: { status: 'down' } });
      expectInTime(down);
    }
    // A report without an Idempotency-Key needs the log alone.
    const taken = await fileOne(intake().url);
    expect(taken.status).toBe(202);
    await servers.restart('cql');
    await allReady(ringside, recoverySecondsMax);
    await expectAllVerified(loadgen);
    await until('the report that was taken meanwhile is in the views', 30, async () => {
      const response = await fetch(`${intake().url}/v1/reports/${taken.reportId}`);
      return response.ok ? true : undefined;
    });
  }, 150_000);

  it('loses nothing and doubles nothing when connections are cut while reports are sent', async () => {
    const loadgen = await underLoad(ringside, 40, '--reports', '400', '--rate', '50', '--deadline', '100');
    for (const proxy of [servers.pulsar, servers.cql, servers.pulsar, servers.cql]) {
      await proxy.cut();
      await pause(200);
      await proxy.reopen();
      await pause(1_000);
    }
    await allReady(ringside, recoverySecondsMax);
    await expectAllVerified(loadgen);
  }, 150_000);

  it.each([
    ['Pulsar', 'eventLog'],
    ['Cassandra', 'viewStore'],
  ] as const)(
    'starts without %s, says so, and goes on by itself when it is there',
    async (server, part) => {
      const proxy = server === 'Pulsar' ? servers.pulsar : servers.cql;
      const addresses = ringside.services;
      ringside.start.signal('SIGTERM');
      expect(await ringside.start.exited).toBe(0);
      await proxy.cut();
      const starting = startRingside(data, portBase, servers.env);
      try {
        for (const service of addresses) {
          const down = await untilReadiness(service, `that ${server} is away`, 30, ({ code }) => code === 503);
          expect(down).toMatchObject({ status: 'error', [part]: { status: 'down' } });
          expectInTime(down);
        }
        expect(await fileOne(intake().url)).toMatchObject({ status: 503, retryAfter: '1' });
      } finally {
        await proxy.reopen();
        ringside = await starting;
      }
      await expectAllVerified(runLoadgen(ringside, '--reports', '100', '--rate', 'max', '--verify'));
    },
    150_000,
  );

  it('leaves nothing behind when it stops', async () => {
    const pids = ringside.services.map(({ name }) => ringside.pidOf(name));
    ringside.start.signal('SIGTERM');
    expect(await ringside.start.exited).toBe(0);
    expect(pids.filter(isAlive)).toEqual([]);
  }, 60_000);
});
