import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { endAll, freePortBase, isAlive, runNode, until, type Running } from './processes.fixture.js';
import {
  allReady,
  fileOne,
  readinessOf,
  serversUnderTest,
  untilReadiness,
  type Readiness,
  type ServersUnderTest,
} from './ring.fixture.js';
import { metric, runLoadgen, startRingside, type Ringside } from './ringside.fixture.js';

/*
 * The four services as processes, on one Pulsar and one Cassandra. What is started here is started once: the faults come one
 * after the other, and each begins and ends with everything ready.
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
  ringside = await startRingside(data, portBase, servers.env);
}, 180_000);

afterAll(async () => {
  await endAll();
  await Promise.all([servers.pulsar.cut(), servers.cql.cut()]);
  await rm(data, { recursive: true, force: true });
}, 60_000);

const intake = () => ringside.services.find(({ name }) => name === 'report-intake')!;
const received = (): Promise<number> => metric(intake(), 'ringside_reports_received_total', /./);

/** Loadgen has verified what it filed; its figures are in the message where it has not. */
async function expectVerified(loadgen: Running): Promise<void> {
  const code = await loadgen.exited;
  const output = `${loadgen.output()}${loadgen.stderr()}`;
  expect({ code, output }).toEqual({
    code: 0,
    output: expect.stringContaining('Verified: nothing lost, nothing doubled, nothing in the wrong place'),
  });
  expect(output).toMatch(/outcome unknown +│ 0 /);
}

/** Resolves when so many of its reports are in. */
async function underLoad(reports: number, ...args: readonly string[]): Promise<Running> {
  const before = await received();
  const loadgen = runLoadgen(ringside, '--verify', ...args);
  await until('reports come in', 20, async () => ((await received()) >= before + reports ? true : undefined));
  return loadgen;
}

const expectInTime = ({ answeredMs }: Readiness): void => expect(answeredMs).toBeLessThan(readinessMsMax);

describe('Ringside on Pulsar and Cassandra', () => {
  it('takes each report to the case of each team that must have it', async () => {
    await allReady(ringside, 1);
    expect(await readinessOf(intake().url)).toMatchObject({
      status: 'ok',
      eventLog: { driver: 'pulsar (WebSocket)', status: 'up' },
      viewStore: { driver: 'cql', status: 'up' },
    });
    await expectVerified(runLoadgen(ringside, '--reports', '400', '--rate', 'max', '--verify'));
  });

  it('takes batches', async () => {
    await expectVerified(runLoadgen(ringside, '--reports', '300', '--rate', 'max', '--batch', '60', '--verify'));
  });

  it('loses nothing and doubles nothing when the broker is killed under load', async () => {
    const loadgen = await underLoad(60, '--reports', '300', '--rate', '40', '--deadline', '100');
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
    await expectVerified(loadgen);
  }, 150_000);

  it('loses nothing and doubles nothing when the store is killed under load', async () => {
    const loadgen = await underLoad(60, '--reports', '300', '--rate', '40', '--deadline', '100');
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
    await expectVerified(loadgen);
    await until('the report that was taken meanwhile is in the views', 30, async () => {
      const response = await fetch(`${intake().url}/v1/reports/${taken.reportId}`);
      return response.ok ? true : undefined;
    });
  }, 150_000);

  it('loses nothing and doubles nothing when a consumer is paused and woken, with another instance beside it', async () => {
    const { name } = ringside.teams[0]!;
    const port = portBase + 8;
    const second = runNode(`apps/${name}/dist/main.js`, [], {
      ...servers.env,
      RINGSIDE_DATA: data,
      RINGSIDE_PORT: String(port),
    });
    const secondAddress = { name, url: `http://127.0.0.1:${port}` };
    await allReady({ services: [secondAddress] }, 60);
    const teams = ringside.teams.map((team) => (team.name === name ? secondAddress : team));
    const pid = ringside.pidOf(name);
    process.kill(pid, 'SIGSTOP');
    try {
      const loadgen = runLoadgen({ ...ringside, teams }, '--reports', '200', '--rate', '40', '--verify');
      await pause(20_000); // that is the fault: a process that does nothing for this long
      process.kill(pid, 'SIGCONT');
      await expectVerified(loadgen);
    } finally {
      if (isAlive(pid)) process.kill(pid, 'SIGCONT');
    }
    expect(ringside.pidOf(name)).toBe(pid);
    second.signal('SIGTERM');
    expect(await second.exited).toBe(0);
    await expectVerified(runLoadgen(ringside, '--reports', '100', '--rate', 'max', '--verify'));
  }, 150_000);

  it('loses nothing and doubles nothing when connections are cut while reports are sent', async () => {
    const loadgen = await underLoad(40, '--reports', '400', '--rate', '50', '--deadline', '100');
    for (const proxy of [servers.pulsar, servers.cql, servers.pulsar, servers.cql]) {
      await proxy.cut();
      await pause(200);
      await proxy.reopen();
      await pause(1_000);
    }
    await allReady(ringside, recoverySecondsMax);
    await expectVerified(loadgen);
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
      await expectVerified(runLoadgen(ringside, '--reports', '100', '--rate', 'max', '--verify'));
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
