import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { placementOf, type Placement, type RingPolicy } from '@ringside/data-ring';
import {
  DamagedRecordError,
  type Delivery,
  type EventLog,
  type NewRecord,
  type ReadOptions,
  type ReceiveOptions,
  type StoredRecord,
  type SubscribeOptions,
  type Subscription,
} from '@ringside/event-log';
import type { RingsideEvent } from '@ringside/events';
import { audienceOfPlatform, startService, type RunningService, type ServiceConfig } from '@ringside/platform';
import { openTestDrivers, testAuthConfig, tokenFor, until, type TestDrivers } from '@ringside/testing';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import { platformService } from './index.js';

const retention = { hours: null, lagHoursMax: 336, offloadBytes: null };
const common = { purpose: 'For a spec.', legalGround: 'None.', retention };
const region = (label: string, successors: readonly string[]) => ({ label, jurisdiction: 'Some law', successors });

/** Three regions; the casework of each goes to its successor alone. Ids tell where players are at home. */
export const policy: RingPolicy = {
  tenant: 'ringside',
  regions: { eu: region('Europe', ['us']), us: region('America', ['eu']), ap: region('Asia', ['us']) },
  zones: {
    global: { kind: 'global', ...common },
    casework: { kind: 'cross-region', ...common, routes: { eu: ['us'], us: ['eu'], ap: ['us'] } },
    evidence: { kind: 'regional', ...common },
  },
  topics: {
    ...{ reports: { zone: 'global' }, sanctions: { zone: 'global' }, reporters: { zone: 'global' }, ring: { zone: 'global' } },
    ...{ cases: { zone: 'casework' }, 'report-evidence': { zone: 'evidence' }, appeals: { zone: 'evidence' } },
  },
  views: {},
  services: { platform: { produce: ['global'], consume: ['global', 'casework'] } },
  homes: {
    rules: ['eu', 'us', 'ap'].map((name) => ({ idPrefix: `${name}-`, region: name, ground: 'Said by the id.' })),
    otherwise: 'hash',
  },
  digest: 'a'.repeat(64),
};

export interface PlatformRegion {
  readonly region: string;
  readonly placement: Placement;
  readonly log: EventLog;
  readonly service: RunningService;
  /** Appends events as the services of this region, or the replication, would. */
  hold(...events: readonly RingsideEvent[]): Promise<void>;
  append(...records: readonly NewRecord[]): Promise<void>;
  /** Takes an event out of the log, as if somebody had removed its records. */
  remove(topic: string, id: string): Promise<void>;
  /** Damages the records of an event, as a disk might: whoever reads the log comes no further, as the embedded log has it. */
  damage(topic: string, id: string): Promise<void>;
  /** Lets the services of this region take nothing from its log, or go on. */
  holdUp(isHeldUp: boolean): void;
  ids(topic: string): Promise<readonly string[]>;
  ask<Body>(
    path: string,
    init?: {
      readonly method?: string;
      readonly body?: object;
      readonly as?: readonly string[] | null;
      readonly token?: string;
    },
  ): Promise<{
    readonly status: number;
    readonly body: Body;
  }>;
}

export interface PlatformRing {
  region(name: string): PlatformRegion;
  /** Resolves once every platform service has taken in all that its log has. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

export interface RingOptions {
  readonly names?: readonly string[];
  readonly config?: Partial<ServiceConfig>;
  /** Addresses of peers that are none of these services. */
  readonly peersOf?: (region: string, usual: ServiceConfig['ringPeers']) => ServiceConfig['ringPeers'];
}

/** Platform services of several regions in one process, each with a log of its own, and nothing that replicates between them. */
export async function startPlatformRing({
  names = ['eu', 'us', 'ap'],
  config,
  peersOf,
}: RingOptions = {}): Promise<PlatformRing> {
  const directory = await mkdtemp(join(tmpdir(), 'ringside-platform-'));
  const ports = new Map(await Promise.all(names.map(async (name) => [name, await freePort()] as const)));
  const auth = await testAuthConfig();
  const drivers: TestDrivers[] = [];
  const regions = new Map<string, PlatformRegion>();
  const close = async (): Promise<void> => {
    for (const { service } of regions.values()) await service.close();
    for (const one of drivers) await one.close();
    await rm(directory, { recursive: true, force: true });
  };
  try {
    for (const name of names) {
      const opened = await openTestDrivers();
      drivers.push(opened);
      const usual = names
        .filter((one) => one !== name)
        .map((one) => ({ region: one, url: `http://127.0.0.1:${ports.get(one)}` }));
      const placement = placementOf(policy, name);
      for (const { name: topic, topic: of } of placement.held) await opened.log.createTopic(topic, of);
      const faulty = withFaults(opened.log);
      const service = await startService(platformService, {
        ...{ eventLog: faulty.log, viewStore: await opened.store('platform'), placement, policy },
        config: {
          ...{
            region: name,
            port: ports.get(name)!,
            ringCompareMs: 0,
            ringSettleMs: 0,
            ringTokenFile: await writePeerTokens(directory, name),
            logLevel: 'silent',
          },
          ...{ ringPeers: peersOf?.(name, usual) ?? usual, ...auth, ...config },
        },
      });
      regions.set(name, regionOf(name, { placement, service, ...faulty }));
    }
  } catch (error) {
    await close();
    throw error;
  }
  return {
    region: (name) => regions.get(name)!,
    settle: async () => {
      for (const one of regions.values()) await until(`${one.region} has taken in its log`, () => isSettled(one));
    },
    close,
  };
}

/** What the platform service of a region shows to that of another. */
export const peerToken = (from: string, to: string): Promise<string> =>
  tokenFor({ sub: `platform-${from}`, teams: [], roles: ['ring_peer'], region: from }, { audience: audienceOfPlatform(to) });

async function writePeerTokens(directory: string, from: string): Promise<string> {
  for (const to of Object.keys(policy.regions)) {
    await writeFile(join(directory, `${from}-${to}`), `${await peerToken(from, to)}\n`);
  }
  return join(directory, `${from}-{region}`);
}

function regionOf(
  region: string,
  {
    placement,
    log,
    remove,
    damage,
    holdUp,
    service,
  }: ReturnType<typeof withFaults> & { readonly placement: Placement; readonly service: RunningService },
): PlatformRegion {
  const append = async (...records: readonly NewRecord[]): Promise<void> => void (await log.append(records));
  return {
    ...{ region, placement, log, remove, damage, holdUp, service, append },
    hold: (...events) => append(...events.map((event) => placement.recordOf(event))),
    ids: async (topic) => {
      const ids: string[] = [];
      for (const { partition } of await log.heads(topic)) {
        for await (const { id } of log.read({ topic, partition })) ids.push(id);
      }
      return ids.sort();
    },
    async ask(path, { method = 'GET', body, as: roles = ['platform'], token } = {}) {
      const headers: Record<string, string> = {};
      if (roles !== null) {
        headers['authorization'] = `Bearer ${token ?? (await tokenFor({ sub: 'pat', teams: [], roles: [...roles] }))}`;
      }
      if (body !== undefined) headers['content-type'] = 'application/json';
      const response = await fetch(service.url + path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
      const text = await response.text();
      const isJson = response.headers.get('content-type')?.includes('json') ?? false;
      return { status: response.status, body: (isJson ? JSON.parse(text) : text) as never };
    },
  };
}

const heldUpMsMax = 30_000;

/** A log with faults. Records that are removed stay where they are, and are not handed out any more. */
function withFaults(log: EventLog): { readonly log: EventLog } & Pick<PlatformRegion, 'remove' | 'damage' | 'holdUp'> {
  const removed = new Set<string>();
  const damaged = new Set<string>();
  const placeOf = ({ topic, partition, position }: StoredRecord): string => `${topic}/${partition}/${position}`;
  async function* read(options: ReadOptions): AsyncGenerator<StoredRecord> {
    for await (const record of log.read(options)) {
      if (damaged.has(placeOf(record))) throw new DamagedRecordError(record.topic, record.partition, record.position);
      if (!removed.has(placeOf(record))) yield record;
    }
  }
  const addTo = (places: Set<string>) => async (topic: string, id: string) => {
    for (const { partition } of await log.heads(topic)) {
      for await (const record of log.read({ topic, partition })) if (record.id === id) places.add(placeOf(record));
    }
  };
  let isHeldUp = false;
  const subscribe = async (options: SubscribeOptions): Promise<Subscription> => {
    const subscription = await log.subscribe(options);
    const receive = async (wanted: ReceiveOptions): Promise<readonly Delivery[]> => {
      const received = await subscription.receive(wanted);
      for (const deadline = Date.now() + heldUpMsMax; isHeldUp && Date.now() < deadline;) await sleep(20);
      return received;
    };
    return over(subscription, { receive });
  };
  return {
    log: over(log, { read, subscribe }),
    holdUp: (wanted) => void (isHeldUp = wanted),
    remove: addTo(removed),
    damage: addTo(damaged),
  };
}

/** The same, but for some of its methods. */
const over = <T extends object>(whole: T, instead: Partial<T>): T =>
  new Proxy(whole, {
    get(target, name) {
      if (name in instead) return instead[name as keyof T];
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? (value as () => unknown).bind(target) : value;
    },
  });

async function isSettled({ log, placement }: PlatformRegion): Promise<boolean> {
  for (const { name, topic } of placement.held) {
    if (topic.zone === 'regional') continue;
    const partitions = await log.backlog(name, 'platform');
    if (partitions.length === 0 || partitions.some(({ backlog }) => backlog > 0)) return false;
  }
  return true;
}

/** Peers have to know each other's addresses before they start. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { readonly port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
