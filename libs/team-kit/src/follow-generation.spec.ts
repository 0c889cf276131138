import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startService, type RunningService } from '@ringside/platform';
import { testAuthConfig, aReport, openTestDrivers, until, type TestDrivers } from '@ringside/testing';
import { standalone } from '@ringside/data-ring';
import { toRecord } from '@ringside/events';
import type { ViewStore } from '@ringside/view-store';

import { rebuildViews, rollBackViews } from './rebuild-views.js';
import { placed } from './placed-subscriber.js';
import { readingService, rules } from './reading-team.fixture.js';
import { SubscriberRuntime } from './runtime.js';
import { subscriberOf } from './team.js';
import { Views } from './views.js';

const { name } = readingService;
const subscriber = placed(subscriberOf({ service: name, rules, projections: [], reactions: [] }), standalone('local'));

let drivers: TestDrivers;
let store: ViewStore;
let services: RunningService[];
let published: number;

beforeEach(async () => {
  published = 0;
  drivers = await openTestDrivers();
  store = await drivers.store(name);
  services = [];
});
afterEach(async () => {
  for (const service of services) await service.close();
  await drivers.close();
});

const start = async (): Promise<void> => {
  const config = { logLevel: 'silent' as const, ...(await testAuthConfig()) };
  services.push(await startService(readingService, { eventLog: drivers.log, viewStore: store, config }));
};
const runtimes = (): readonly SubscriberRuntime[] => services.map(({ app }) => app.get(SubscriberRuntime));

async function publish(count: number): Promise<void> {
  const reports = Array.from({ length: count }, () =>
    // By as many players: none of them comes near to the daily limit, which would lead to further events.
    aReport({ reporterId: `r${published}`, subjectId: `s${published++ % 40}` }),
  );
  await drivers.log.append(reports.map(toRecord));
}

/** Publishes until `work` is done. */
async function duringAStream(work: () => Promise<void>): Promise<void> {
  let going = true;
  const stream = (async () => {
    while (going) {
      await publish(3);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  })();
  try {
    await work();
  } finally {
    going = false;
    await stream;
  }
}

const caughtUp = (): Promise<void> =>
  until('all is processed', async () => (await drivers.log.backlog('reports', name)).every(({ backlog }) => backlog === 0));

const followed = (generation: number): Promise<void> =>
  until('the services have followed', () => runtimes().every(({ views }) => views.generation === generation));

/** Each report once, in the live generation: the rebuilt one is made from the whole log. */
async function expectAllOnce(): Promise<void> {
  const { parity, events } = await rebuildViews({ subscriber, log: drivers.log, store, check: true });
  expect(parity.differences).toEqual([]);
  expect(events).toBe(published);
  expect(parity.rows.get('case_timeline')).toBe(published);
}

describe('a running service', () => {
  it.each([1, 2])(
    '(%i of them) follows a rebuild and a rollback under a stream, losing and doubling nothing',
    async (instances) => {
      for (let i = 0; i < instances; i++) await start();
      await publish(300);
      await caughtUp();
      await duringAStream(async () => {
        const { live, parity } = await rebuildViews({ subscriber, log: drivers.log, store });
        expect(parity.differences).toEqual([]);
        expect(live).toBe(true);
        await followed(2);
        await publish(50);
      });
      await caughtUp();
      await expectAllOnce();
      await duringAStream(async () => {
        expect(await rollBackViews({ subscriber, log: drivers.log, store })).toBe(1);
        await followed(1);
      });
      await caughtUp();
      await expectAllOnce();
      expect((await Views.current(store, name)).generation).toBe(1);
    },
  );

  it('makes the tables of the generation that it follows', async () => {
    await start();
    await publish(40);
    await caughtUp();
    await (await Views.current(store, name)).ofGeneration(5).makeCurrent([]);
    await followed(5);
    await caughtUp();
    await expectAllOnce();
  });
});
