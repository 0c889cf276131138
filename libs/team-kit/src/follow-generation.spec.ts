import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { CaseRules } from '@ringside/casework';
import { reasonsOf } from '@ringside/events';
import { startService, type RunningService, type ServiceDefinition } from '@ringside/platform';
import { testAuthConfig, aReport, openTestDrivers, until, type TestDrivers } from '@ringside/testing';
import { standalone } from '@ringside/data-ring';
import { toRecord } from '@ringside/events';
import type { ViewStore } from '@ringside/view-store';

import { rebuildViews, rollBackViews } from './rebuild-views.js';
import { placed } from './placed-subscriber.js';
import { SubscriberRuntime } from './runtime.js';
import { subscriberMicroservices } from './subscriber.module.js';
import { subscriberOf, type Team } from './team.js';
import { TeamModule } from './team.module.js';
import { Views } from './views.js';

const captured = new Set<string>(reasonsOf('cheating'));
const rules: CaseRules = {
  team: 'cheating',
  captures: (reason) => captured.has(reason),
  weigh: () => ({ severity: 5, decideWithinHours: 24 }),
};
const team: Team = { service: 'cheating-team', rules, projections: [], reactions: [] };
const subscriber = placed(subscriberOf(team), standalone('local'));
const definition: ServiceDefinition = {
  name: team.service,
  version: '0',
  title: 'A team',
  description: 'For tests.',
  defaultPort: 0,
  access: { kind: 'team', team: team.rules.team },
  module: ({ placement }) => TeamModule.forTeam(team, placement),
  microservices: subscriberMicroservices,
};

let drivers: TestDrivers;
let store: ViewStore;
let services: RunningService[];
let published: number;

beforeEach(async () => {
  published = 0;
  drivers = await openTestDrivers();
  store = await drivers.store(team.service);
  services = [];
});
afterEach(async () => {
  for (const service of services) await service.close();
  await drivers.close();
});

const start = async (): Promise<void> => {
  const config = { logLevel: 'silent' as const, ...(await testAuthConfig()) };
  services.push(await startService(definition, { eventLog: drivers.log, viewStore: store, config }));
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
  until('all is processed', async () =>
    (await drivers.log.backlog('reports', team.service)).every(({ backlog }) => backlog === 0),
  );

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
      expect((await Views.current(store, team.service)).generation).toBe(1);
    },
  );

  it('makes the tables of the generation that it follows', async () => {
    await start();
    await publish(40);
    await caughtUp();
    await (await Views.current(store, team.service)).ofGeneration(5).makeCurrent([]);
    await followed(5);
    await caughtUp();
    await expectAllOnce();
  });
});
