import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
import { startRingside } from './ringside.fixture.js';

/** `npm start` gives a service up that dies five times within a minute. */
const [killsOfFirst, killsOfSecond] = [3, 8];
const seed = seedOfRun();
let scenario: Scenario;

beforeAll(async () => {
  const data = await mkdtemp(join(tmpdir(), 'ringside-e2e-'));
  const portBase = await freePortBase();
  scenario = { data, portBase, seed, env: {}, ringside: await startRingside(data, portBase) };
});

afterAll(async () => {
  await endAll();
  await rm(scenario.data, { recursive: true, force: true });
});

describe('20 people who give conflicting commands to 50 cases at once', () => {
  it(`lose nothing and double nothing while both instances are killed again and again (seed ${seed})`, async () => {
    const victims = await twoInstances(scenario);
    const office = await openOffice(scenario, victims);
    let backAgain: Promise<unknown> | undefined;
    await workThrough(scenario, office, async (random) => {
      await Promise.all([killAtRandom(victims[0], killsOfFirst, random), killAtRandom(victims[1], killsOfSecond, random)]);
      // In the end both, and nobody sends anything any more: what is not published now is for the relays.
      backAgain = Promise.all(victims.map((victim) => victim.kill()));
    });
    await backAgain;
    const { history, unheardOf } = office.desk;
    expect(unheardOf).toEqual([]);
    const record = await settled(scenario, office);
    const figures = requireAnsweredAsStored(history, record);
    const publishedAgain = requirePublishedAsStored(record);
    printFigures(`Seed ${seed}`, { ...figures, publishedAgain, kills: killsOfFirst + killsOfSecond + 2 });
    requireLinearizable(history, record);
    await expectShownAsStored(victims[1].url, history, record, office.reportIds);
    // Otherwise nobody was in anybody's way, or nothing was killed in the middle of anything.
    expect(figures.accepted).toBeGreaterThan(300);
    expect(figures.stale).toBeGreaterThan(50);
    expect(figures.unanswered).toBeGreaterThan(10);
  }, 300_000);
});
