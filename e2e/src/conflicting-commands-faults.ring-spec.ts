import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freePortBase } from '@ringside/service-processes';
import { requireAnsweredAsStored, requireLinearizable, requirePublishedAsStored } from '@ringside/casework-load';
import { seedOfRun } from './seed.fixture.js';
import { expectShownAsStored } from './casework-checks.fixture.js';
import {
  killAtRandom,
  openOffice,
  printFigures,
  settled,
  twoInstances,
  workThrough,
  type Scenario,
} from './casework-scenario.fixture.js';
import { endAll } from './processes.fixture.js';
import { allReady, serversUnderTest, type ServersUnderTest } from './ring.fixture.js';
import { startRingside } from './ringside.fixture.js';

const seed = seedOfRun();
let servers: ServersUnderTest;
let scenario: Scenario;

beforeAll(async () => {
  const data = await mkdtemp(join(tmpdir(), 'ringside-e2e-'));
  const portBase = await freePortBase();
  servers = await serversUnderTest();
  await servers.makeWhole();
  scenario = { data, portBase, seed, env: servers.env, ringside: await startRingside(data, portBase, servers.env) };
}, 300_000);

afterAll(async () => {
  await endAll();
  await Promise.all([servers.pulsar.cut(), servers.cql.cut()]);
  await servers.makeWhole();
  await rm(scenario.data, { recursive: true, force: true });
}, 300_000);

describe('20 people who give conflicting commands to 50 cases at once, on Pulsar and Cassandra', () => {
  it(`lose nothing and double nothing while instances, store and log are killed, and connections cut (seed ${seed})`, async () => {
    const victims = await twoInstances(scenario);
    const office = await openOffice(scenario, victims);
    const faults = { instances: 6, store: 1, log: 1, connections: 4 };
    let backAgain: Promise<unknown> | undefined;
    await workThrough(scenario, office, async (random) => {
      await pause(10_000); // much is done while nothing happens, and what is remembered of it must stand all that follows
      await Promise.all([killAtRandom(victims[0], 2, random), killAtRandom(victims[1], 2, random)]);
      // Calls under way have an unknown outcome: some arrived, some did not, some were answered in vain.
      for (const proxy of [servers.cql, servers.pulsar, servers.cql, servers.pulsar]) {
        await pause(500 + random.below(1_500));
        await proxy.cut();
        await pause(100 + random.below(300));
        await proxy.reopen();
      }
      for (const server of ['cql', 'pulsar'] as const) {
        await pause(2_000 + random.below(2_000));
        await servers.kill(server);
        await servers.restart(server);
        await allReady(scenario.ringside, 60);
      }
      await pause(3_000 + random.below(1_000));
      backAgain = Promise.all(victims.map((victim) => victim.kill()));
    });
    await backAgain;
    const { history, unheardOf } = office.desk;
    expect(unheardOf).toEqual([]);
    const record = await settled(scenario, office);
    const figures = requireAnsweredAsStored(history, record);
    const publishedAgain = requirePublishedAsStored(record);
    printFigures(`Seed ${seed}`, { ...figures, publishedAgain, ...faults });
    requireLinearizable(history, record);
    await expectShownAsStored(victims[1].url, history, record, office.reportIds);
    expect(figures.accepted).toBeGreaterThan(50);
    expect(figures.stale).toBeGreaterThan(20);
    expect(figures.unanswered).toBeGreaterThan(10);
  }, 480_000);
});
