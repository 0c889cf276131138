import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  expectAnsweredAsStored,
  expectLinearizable,
  expectPublishedAsStored,
  expectShownAsStored,
} from './casework-checks.fixture.js';
import { openOffice, printFigures, settled, twoInstances, workThrough, type Scenario } from './casework-scenario.fixture.js';
import { endAll, freePortBase } from './processes.fixture.js';
import { seedOfRun } from './random.fixture.js';
import { startRingside } from './ringside.fixture.js';

/** `npm start` gives a service up that dies five times within a minute. */
const [killsOfFirst, killsOfSecond] = [4, 9];
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
    await workThrough(scenario, office, async (random) => {
      const killing = async (victim: (typeof victims)[number], kills: number): Promise<void> => {
        for (let kill = 0; kill < kills; kill++) {
          await pause(500 + random.below(2_000));
          await victim.kill();
        }
      };
      await Promise.all([killing(victims[0], killsOfFirst), killing(victims[1], killsOfSecond)]);
    });
    const { history, unheardOf } = office.desk;
    expect(unheardOf).toEqual([]);
    const record = await settled(scenario, office);
    const figures = expectAnsweredAsStored(history, record);
    const publishedAgain = expectPublishedAsStored(record);
    printFigures(`Seed ${seed}`, { ...figures, publishedAgain, kills: killsOfFirst + killsOfSecond });
    expectLinearizable(history, record);
    await expectShownAsStored(victims[1].url, history, record, office.reportIds);
    // Otherwise nobody was in anybody's way, or nothing was killed in the middle of anything.
    expect(figures.accepted).toBeGreaterThan(300);
    expect(figures.stale).toBeGreaterThan(50);
    expect(figures.unanswered).toBeGreaterThan(10);
  }, 180_000);
});
