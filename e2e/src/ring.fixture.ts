import { randomBytes } from 'node:crypto';
import { killServer, readRing, restartServer, ringUp, type ServerName } from '@ringside/ring-tool';
import { until } from './processes.fixture.js';
import type { Ringside, ServiceAddress } from './ringside.fixture.js';
import { proxyTo, type TcpProxy } from './tcp-proxy.fixture.js';

/** The servers that `npm run test:ring` has started, behind proxies, and what makes services use them. */
export interface ServersUnderTest {
  readonly pulsar: TcpProxy;
  readonly cql: TcpProxy;
  /** For services: a namespace and a keyspace prefix that nobody else uses. */
  readonly env: NodeJS.ProcessEnv;
  /** Ends a server as a power cut does. */
  kill(server: ServerName): Promise<void>;
  /** Resolves when it does its work again. */
  restart(server: ServerName): Promise<void>;
  /** Starts what a failed scenario has left down. Rejects, and says what is wrong, where a server does not do its work then. */
  makeWhole(): Promise<void>;
}

export async function serversUnderTest(): Promise<ServersUnderTest> {
  const directory = process.env['RINGSIDE_TEST_RING'];
  const region = process.env['RINGSIDE_TEST_REGION'];
  const found = readRing(directory ?? '').regions.find(({ name }) => name === region);
  if (directory === undefined || found === undefined) throw new Error('Run this with npm run test:ring: it starts servers.');
  const [pulsar, cql] = [await proxyTo(found.ports.pulsarWeb), await proxyTo(found.ports.cql)];
  const run = `e2e${randomBytes(3).toString('hex')}`;
  const eventLog = new URL(found.eventLogUrl.replace('pulsar+ws:', 'http:'));
  const viewStore = new URL(found.viewStoreUrl.replace('cql:', 'http:'));
  const cacheDirectory = process.env['RINGSIDE_RING_CACHE'] || undefined;
  const javaHome = process.env['JAVA_HOME'] || undefined;
  const options = { directory, cacheDirectory, javaHome };
  return {
    pulsar,
    cql,
    env: {
      RINGSIDE_EVENT_LOG: `pulsar+ws://127.0.0.1:${pulsar.port}/ringside/${run}${eventLog.search}`,
      RINGSIDE_VIEW_STORE: `cql://127.0.0.1:${cql.port}/${run}${viewStore.search}`,
    },
    kill: (server) => killServer(directory, { region: found.name, server }),
    restart: (server) => restartServer(options, { region: found.name, server }),
    makeWhole: async () => void (await ringUp(options, [found.name])),
  };
}

export interface Readiness {
  readonly code: number;
  readonly status: string;
  readonly eventLog: { readonly status: string };
  readonly viewStore: { readonly status: string };
  readonly answeredMs: number;
}

export async function readinessOf(url: string): Promise<Readiness> {
  const askedAt = performance.now();
  const response = await fetch(`${url}/health/ready`);
  const body = (await response.json()) as Omit<Readiness, 'code' | 'answeredMs'>;
  return { ...body, code: response.status, answeredMs: performance.now() - askedAt };
}

/** Nobody listens there yet, or it is as asked. */
export const untilReadiness = (
  { name, url }: ServiceAddress,
  awaited: string,
  secondsMax: number,
  holds: (readiness: Readiness) => boolean,
): Promise<Readiness> =>
  until(`${name} says ${awaited}`, secondsMax, async () => {
    const readiness = await readinessOf(url).catch(() => undefined);
    return readiness !== undefined && holds(readiness) ? readiness : undefined;
  });

export const allReady = async ({ services }: Pick<Ringside, 'services'>, secondsMax: number): Promise<void> => {
  for (const service of services) await untilReadiness(service, 'that it is ready', secondsMax, ({ code }) => code === 200);
};

export interface Filed {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly type: string | undefined;
  readonly reportId: string | undefined;
}

/** Files a report about a player of its own. */
export async function fileOne(intakeUrl: string, subjectId = `subject-${randomBytes(4).toString('hex')}`): Promise<Filed> {
  const response = await fetch(`${intakeUrl}/v1/reports`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ game: 'stormfall', reporterId: 'reporter', subjectId, reason: 'aimbot' }),
  });
  const { type, reportId } = (await response.json()) as { type?: string; reportId?: string };
  return { status: response.status, retryAfter: response.headers.get('retry-after'), type, reportId };
}
