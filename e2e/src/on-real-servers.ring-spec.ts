import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freePortBase } from '@ringside/service-processes';
import { expectAllVerified, intakeOf, underLoad } from './load.fixture.js';
import { expectParked } from './parked.fixture.js';
import { endAll, isAlive, runNode, until } from './processes.fixture.js';
import { allReady, fileOne, readinessOf, serversUnderTest, type ServersUnderTest } from './ring.fixture.js';
import { caseLists, getJson, runLoadgen, startRingside, type Ringside, type ServiceAddress } from './ringside.fixture.js';

/*
 * The four services as processes, on one Pulsar and one Cassandra that nothing happens to: the scenario of the embedded drivers,
 * and what only servers show. The faults of the servers are in server-faults.ring-spec.ts.
 */
let data: string;
let portBase: number;
let servers: ServersUnderTest;
let ringside: Ringside;

/** The broker ends a connection that is silent for 50 s, and gives its partitions to another consumer at once. */
const takeoverSecondsMax = 80;

const untilCaseAbout = (subjectId: string, { url }: ServiceAddress, secondsMax: number): Promise<true> =>
  until(`there is a case about ${subjectId}`, secondsMax, async () => {
    const { cases } = await getJson<{ cases: unknown[] }>(`${url}/v1/players/${subjectId}`);
    return cases.length > 0 ? true : undefined;
  });

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

describe('Ringside on Pulsar and Cassandra', () => {
  it('takes each report to the case of each team that must have it', async () => {
    await allReady(ringside, 1);
    expect(await readinessOf(intakeOf(ringside).url)).toMatchObject({
      status: 'ok',
      eventLog: { driver: 'pulsar (WebSocket)', status: 'up' },
      viewStore: { driver: 'cql', status: 'up' },
    });
    await expectAllVerified(runLoadgen(ringside, '--reports', '400', '--rate', 'max', '--verify'));
  });

  it('takes batches', async () => {
    await expectAllVerified(runLoadgen(ringside, '--reports', '300', '--rate', 'max', '--batch', '60', '--verify'));
  });

  it('loses nothing and doubles nothing when every service is killed in turn under load', async () => {
    const loadgen = await underLoad(ringside, 40, '--reports', '400', '--rate', '25', '--deadline', '100');
    for (const { name } of ringside.services) {
      process.kill(ringside.pidOf(name), 'SIGKILL');
      await ringside.untilBack(name, 1);
      await allReady(ringside, 60);
    }
    await expectAllVerified(loadgen);
  });

  it('parks what is not of the contract, counts it, and goes on', async () => {
    await expectParked(ringside, data, servers.env);
    await expectAllVerified(runLoadgen(ringside, '--reports', '100', '--rate', 'max', '--verify'));
  });

  it('gives the partitions of a consumer that is paused to another instance, and loses nothing when it wakes', async () => {
    const { name } = ringside.teams.find((team) => team.name === 'cheating-team')!; // has what `fileOne` files
    const port = portBase + 8;
    const environment = { ...servers.env, ...ringside.authEnv, RINGSIDE_DATA: data, RINGSIDE_PORT: String(port) };
    const second = runNode(`apps/${name}/dist/main.js`, [], environment);
    const secondAddress = { name, url: `http://127.0.0.1:${port}` };
    await allReady({ services: [secondAddress] }, 60);
    const withSecond = {
      ...ringside,
      teams: ringside.teams.map((team) => (team.name === name ? secondAddress : team)),
    };
    const pid = ringside.pidOf(name);
    process.kill(pid, 'SIGSTOP');
    try {
      const subjects = Array.from({ length: 32 }, (_, index) => `met-while-paused-${index}`); // some on each partition
      for (const subjectId of subjects) expect((await fileOne(intakeOf(ringside).url, subjectId)).status).toBe(202);
      for (const subjectId of subjects) await untilCaseAbout(subjectId, secondAddress, takeoverSecondsMax);
      await expectAllVerified(runLoadgen(withSecond, '--reports', '100', '--rate', 'max', '--verify'));
    } finally {
      if (isAlive(pid)) process.kill(pid, 'SIGCONT');
    }
    await allReady(ringside, 60);
    expect(ringside.pidOf(name)).toBe(pid);
    await expectAllVerified(runLoadgen(withSecond, '--reports', '100', '--rate', 'max', '--verify'));
    second.signal('SIGTERM');
    expect(await second.exited).toBe(0);
    await expectAllVerified(runLoadgen(ringside, '--reports', '100', '--rate', 'max', '--verify'));
  }, 240_000);

  it('leaves nothing behind when it stops, and goes on where it stopped', async () => {
    const before = await caseLists(ringside);
    const pids = ringside.services.map(({ name }) => ringside.pidOf(name));
    ringside.start.signal('SIGTERM');
    expect(await ringside.start.exited).toBe(0);
    expect(pids.filter(isAlive)).toEqual([]);
    ringside = await startRingside(data, portBase, servers.env);
    expect(await caseLists(ringside)).toEqual(before);
    await expectAllVerified(runLoadgen(ringside, '--reports', '100', '--rate', 'max', '--verify'));
  });
});
