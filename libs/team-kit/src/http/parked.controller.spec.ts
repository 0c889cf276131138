import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startService, type RunningService } from '@ringside/platform';
import { authorizationOf, openTestDrivers, testAuthConfig, until, type TestDrivers } from '@ringside/testing';

import { readingService } from '../reading-team.fixture.js';

let drivers: TestDrivers;
let service: RunningService;
/** Keys that lie in the log, by the id of their event, though no driver would take them from here. */
let foreignKeys: Map<string, string>;

beforeEach(async () => {
  drivers = await openTestDrivers();
  foreignKeys = new Map();
  const config = { logLevel: 'silent' as const, ...(await testAuthConfig()) };
  const { log } = drivers;
  const eventLog: typeof log = Object.assign(Object.create(log) as typeof log, {
    subscribe: async (options: Parameters<typeof log.subscribe>[0]) => {
      const subscription = await log.subscribe(options);
      return Object.assign(Object.create(subscription) as typeof subscription, {
        receive: async (how: Parameters<typeof subscription.receive>[0]) =>
          (await subscription.receive(how)).map((delivery) => ({
            ...delivery,
            key: foreignKeys.get(delivery.id) ?? delivery.key,
          })),
      });
    },
  });
  service = await startService(readingService, { eventLog, viewStore: await drivers.store(readingService.name), config });
});
afterEach(async () => {
  await service.close();
  await drivers.close();
});

const post = async (body: object) => {
  const headers = { 'content-type': 'application/json', ...(await authorizationOf()) };
  const answer = await fetch(`${service.url}/v1/parked`, { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: answer.status, body: (await answer.json()) as unknown };
};

interface Listed {
  readonly key: string;
  readonly eventId: string;
}

async function listed(partition: number): Promise<readonly Listed[]> {
  const list = `${service.url}/v1/parked?topic=reports&partition=${partition}`;
  return ((await (await fetch(list, { headers: await authorizationOf() })).json()) as { items: readonly Listed[] }).items;
}

describe('what is parked', () => {
  it.each([
    ['without a key', '', 'no-key'],
    ['without a key or an id', '', ''],
    ['with the longest key of the log', 'k'.repeat(512), 'long-key'],
    ['with a key that is longer than the log takes', 'ü'.repeat(3_000), 'foreign-key'],
  ])(
    '%s can be retried and given up as it is listed',
    async (_, key, eventId) => {
      foreignKeys.set(eventId, key);
      await drivers.log.append([{ topic: 'reports', key: 'k', id: eventId, bytes: Buffer.from('{}') }]);
      const { partition } = (await drivers.log.heads('reports')).find(({ head }) => head !== null)!;
      await until('it is parked', async () => (await listed(partition)).length === 1);
      const [parked] = await listed(partition);
      expect(parked).toMatchObject({ key, eventId });
      const at = { topic: 'reports', partition, key: parked!.key };
      expect(await post({ action: 'retry', ...at })).toEqual({ status: 200, body: { retried: 0 } });
      expect(await post({ action: 'discard', ...at, eventId: parked!.eventId })).toEqual({ status: 200, body: { retried: 0 } });
      expect(await listed(partition)).toEqual([]);
    },
    30_000,
  );

  it('is not looked for under what is no key, and the API says what is one', async () => {
    const at = { action: 'retry', topic: 'reports', partition: 0 };
    for (const key of [undefined, null, 7, 'k'.repeat(21_846)]) {
      expect(await post({ ...at, key })).toMatchObject({ status: 400, body: { errors: [{ pointer: '/key' }] } });
    }
    const document = (await (await fetch(`${service.url}/docs/openapi.json`, { headers: await authorizationOf() })).json()) as {
      components: { schemas: { ParkedCommandDto: { properties: Record<string, object> } } };
    };
    const { key, eventId } = document.components.schemas.ParkedCommandDto.properties;
    for (const property of [key, eventId]) {
      expect(property).toMatchObject({ maxLength: 21_845 });
      expect(property).not.toHaveProperty('minLength');
    }
  });
});
