import type { Clock } from '@ringside/core';
import { standalone, type Placement } from '@ringside/data-ring';
import type { EventLog } from '@ringside/event-log';
import type { RingsideEvent } from '@ringside/events';
import type { Person } from '@ringside/issuer';
import { startService, type RunningService, type ServiceDefinition } from '@ringside/platform';

import { authorizationOf, testAuthConfig } from './test-people.js';
import { openTestDrivers } from './test-drivers.js';
import { until } from './until.js';

export interface Answer<Body> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

export interface TestRequest extends RequestInit {
  /** Whose token goes along; null for none. */
  readonly as?: Partial<Person> | null;
}

/** Services in one process, each over a real port, on one embedded log. */
export interface TestRing {
  readonly log: EventLog;
  service(name: string): RunningService;
  /** Appends events as if a service had produced them. */
  publish(...events: readonly RingsideEvent[]): Promise<void>;
  /** A request to a service; the body is parsed where it is JSON. It has a token that may do everything, unless `init` says other. */
  request<Body>(service: string, path: string, init?: TestRequest): Promise<Answer<Body>>;
  /** Whether every subscription has acknowledged everything. */
  isSettled(): Promise<boolean>;
  /** Resolves once that is so. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

export interface TestRingOptions {
  readonly clock?: Clock;
  /** Of a region of a ring; one region without a ring where absent. */
  readonly placement?: Placement;
}

export async function openTestRing(
  definitions: readonly ServiceDefinition[],
  options: TestRingOptions = {},
): Promise<TestRing> {
  const drivers = await openTestDrivers();
  const { log } = drivers;
  const { placement = standalone('local') } = options;
  const config = { ...(await testAuthConfig()), region: placement.region };
  const running = new Map<string, RunningService>();
  const close = async (): Promise<void> => {
    for (const service of running.values()) await service.close();
    await drivers.close();
  };
  try {
    for (const definition of definitions) {
      const viewStore = await drivers.store(definition.name);
      running.set(definition.name, await startService(definition, { eventLog: log, viewStore, config, ...options }));
    }
  } catch (error) {
    await close();
    throw error;
  }
  const service = (name: string): RunningService => {
    const found = running.get(name);
    if (found === undefined) throw new Error(`No service "${name}" in this ring.`);
    return found;
  };
  const settled = (): Promise<boolean> => isSettled(log, [...running.keys()]);
  return {
    log,
    service,
    publish: async (...events) => void (await log.append(events.map((event) => placement.recordOf(event)))),
    async request(name, path, { as: person = {}, ...init } = {}) {
      const headers = { ...(person && (await authorizationOf(person))), ...Object.fromEntries(new Headers(init.headers)) };
      const response = await fetch(service(name).url + path, { ...init, headers });
      const text = await response.text();
      const isJson = response.headers.get('content-type')?.includes('json') ?? false;
      return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
    },
    isSettled: settled,
    settle: () => until('every subscription has acknowledged everything', settled),
    close,
  };
}

async function isSettled(log: EventLog, subscriptions: readonly string[]): Promise<boolean> {
  for (const { topic } of await log.topics()) {
    for (const subscription of subscriptions) {
      const partitions = await log.backlog(topic, subscription);
      if (partitions.some(({ backlog }) => backlog > 0)) return false;
    }
  }
  return true;
}
