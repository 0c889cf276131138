import { once } from 'node:events';
import { connect, type Server } from 'node:net';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { StartupError, UnavailableError } from '@ringside/core';
import { toRecord } from '@ringside/events';
import { startService, type RunningService, type ServiceConfig } from '@ringside/platform';
import { authorizationOf, testAuthConfig, aReport, openTestDrivers, until, type TestDrivers } from '@ringside/testing';
import type { EventLog } from '@ringside/event-log';
import type { ViewStore } from '@ringside/view-store';

import { readingService } from './reading-team.fixture.js';

let drivers: TestDrivers;
let store: ViewStore;
let service: RunningService | undefined;
let fault: { readonly of: 'event-log' | 'view-store'; readonly error: Error } | undefined;
let refusals: number;

beforeEach(async () => {
  [service, fault, refusals] = [undefined, undefined, 0];
  drivers = await openTestDrivers();
  store = await drivers.store(readingService.name);
});
afterEach(async () => {
  await service?.close();
  await drivers.close();
});

/** The same object, whose calls reject while the fault is on. */
const fickle = <T extends object>(target: T, of: 'event-log' | 'view-store'): T =>
  new Proxy(target, {
    get(object, property) {
      const value: unknown = Reflect.get(object, property);
      if (typeof value !== 'function') return value;
      if (fault?.of === of && property !== 'close' && property !== 'health')
        return () => ((refusals += 1), Promise.reject(fault!.error));
      return value.bind(object) as unknown;
    },
  });

const start = async (more: Partial<ServiceConfig> = {}): Promise<void> => {
  const eventLog: EventLog = fickle(drivers.log, 'event-log');
  service = await startService(readingService, {
    eventLog,
    viewStore: fickle(store, 'view-store'),
    config: { logLevel: 'silent', ...(await testAuthConfig()), ...more },
  });
};
const get = async (path: string): Promise<Response> => fetch(service!.url + path, { headers: await authorizationOf() });

describe('a service whose dependency is away at its start', () => {
  it.each(['event-log', 'view-store'] as const)('%s: listens, is not ready, and goes on when it comes', async (dependency) => {
    fault = { of: dependency, error: new UnavailableError(dependency, 'It is away.') };
    await start();
    const ready = await get('/health/ready');
    expect([ready.status, await ready.json()]).toMatchObject([
      503,
      { status: 'error', subscriptions: { status: 'down', reason: 'It is away.' } },
    ]);
    expect((await get('/health/live')).status).toBe(200);
    expect((await get('/metrics')).status).toBe(200);
    const refused = await get('/v1/cases');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await refused.json()).toMatchObject({ type: 'urn:ringside:problem:unavailable' });

    fault = undefined;
    await until('it is ready', async () => (await get('/health/ready')).status === 200);
    await drivers.log.append([toRecord(aReport({ reason: 'aimbot' }))]);
    await until(
      'it consumes',
      async () => ((await (await get('/v1/cases')).json()) as { items: unknown[] }).items.length === 1,
    );
  });

  it('stops while it waits', async () => {
    fault = { of: 'event-log', error: new UnavailableError('event-log', 'It is away.') };
    await start();
    await service!.close();
    await expect(get('/health/live')).rejects.toThrow();
    service = undefined;
  });

  it('does not start where waiting would not help', async () => {
    fault = { of: 'event-log', error: new StartupError('The topic has another number of partitions.') };
    await expect(start()).rejects.toThrow('another number of partitions');
  });
});

it('a service stops in time though a client never ends its body and its events wait for a store, one after the other', async () => {
  const drainMsMax = 4_000;
  await start({ drainMsMax });
  await until('it consumes', async () => (await get('/health/ready')).status === 200);
  fault = { of: 'view-store', error: new UnavailableError('view-store', 'It is away.') };
  await drivers.log.append([toRecord(aReport({ reason: 'aimbot' }))]);
  const { port } = new URL(service!.url);
  const client = connect(Number(port), '127.0.0.1').on('error', () => undefined);
  const requested = once(service!.app.getHttpServer() as Server, 'request');
  const { authorization } = await authorizationOf();
  client.write(`POST /v1/parked HTTP/1.1\r\nhost: a\r\nauthorization: ${authorization}\r\n`);
  client.write('content-type: application/json\r\ncontent-length: 9999\r\n\r\n');
  const trickle = setInterval(() => client.write(' '), 50);
  try {
    await requested;
    await until('its events wait', () => refusals > 0);
    const since = performance.now();
    await service!.close();
    expect(performance.now() - since).toBeLessThan(drainMsMax);
    service = undefined;
  } finally {
    clearInterval(trickle);
    client.destroy();
  }
});

describe('a service whose events fail time after time', () => {
  it('says so, with the reason, and is ready again once they go through', async () => {
    await start();
    fault = { of: 'view-store', error: new Error('It is out of order.') };
    await drivers.log.append([toRecord(aReport({ reason: 'aimbot' }))]);
    await until('it is not ready', async () => (await get('/health/ready')).status === 503);
    expect(await (await get('/health/ready')).json()).toMatchObject({
      eventLog: { status: 'up' },
      subscriptions: { status: 'down', reason: expect.stringMatching(/^Records of "reports" .*: It is out of order\.$/) },
    });
    fault = undefined;
    await until('it is ready', async () => (await get('/health/ready')).status === 200);
  });
});
