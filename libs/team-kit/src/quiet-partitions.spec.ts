import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { startService, type RunningService } from '@ringside/platform';
import { authorizationOf, testAuthConfig, openTestDrivers, until, type TestDrivers } from '@ringside/testing';
import type { ViewStore } from '@ringside/view-store';

import { readingService } from './reading-team.fixture.js';

let drivers: TestDrivers;
let store: ViewStore;
let service: RunningService;

const start = async (): Promise<void> => {
  const config = { logLevel: 'silent' as const, ...(await testAuthConfig()) };
  service = await startService(readingService, { eventLog: drivers.log, viewStore: store, config });
};
beforeEach(async () => {
  drivers = await openTestDrivers();
  store = await drivers.store(readingService.name);
  await start();
});
afterEach(async () => {
  await service.close();
  await drivers.close();
});

const parkedEvents = async (): Promise<string | undefined> => {
  const metrics = await (await fetch(`${service.url}/metrics`)).text();
  return /^ringside_parked_events\{.*\} ([1-9]\d*)$/m.exec(metrics)?.[1];
};
const isShown = (): Promise<unknown> => until('the parked event is shown', async () => (await parkedEvents()) === '1');

it('shows what is parked, and lets it be given up, after a restart without any further event', async () => {
  await drivers.log.append([{ topic: 'reports', key: 'p-1', id: 'not-an-event', bytes: Buffer.from('{}') }]);
  await isShown();
  await service.close();
  await start();
  await isShown();
  const [source] = (await drivers.log.heads('reports')).filter(({ head }) => head !== null);
  const { partition } = source!;
  const list = `${service.url}/v1/parked?topic=reports&partition=${partition}`;
  const page = (await (await fetch(list, { headers: await authorizationOf() })).json()) as {
    readonly items: readonly object[];
  };
  expect(page.items).toMatchObject([{ key: 'p-1', eventId: 'not-an-event', bytes: 2, rawBase64: 'e30=' }]);
  const discarded = await fetch(`${service.url}/v1/parked`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(await authorizationOf()) },
    body: JSON.stringify({ action: 'discard', topic: 'reports', partition, key: 'p-1', eventId: 'not-an-event' }),
  });
  expect(discarded.status).toBe(200);
  expect(await parkedEvents()).toBeUndefined();
}, 30_000);
