import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { placementOf, namespaceOf, type Placement, type RingPolicy } from '@ringside/data-ring';
import { openEventLog } from '@ringside/drivers';
import type { RingsideEvent } from '@ringside/events';
import { killServer, openControl, readRing, restartServer, ringDown, ringUp, type OpenControl } from '@ringside/ring-tool';
import { until } from './processes.fixture.js';

type EventLog = Awaited<ReturnType<typeof openEventLog>>;

export const regions = ['eu', 'us'] as const;
export type Region = (typeof regions)[number];

/** Two regions on real servers of their own, to which nothing was applied yet. */
export interface TwoRegions {
  /** Of the region's servers: all that they keep. */
  readonly directoryOf: (region: Region) => string;
  readonly control: OpenControl['control'];
  readonly policy: RingPolicy;
  /** Publishes an event in a region as a service there does. */
  publish(region: Region, ...events: readonly RingsideEvent[]): Promise<void>;
  /** Ids of all records of a topic of the contract that the region's log has, over its topics; with doubles where there are any. */
  idsIn(region: Region, topic: string): Promise<readonly string[]>;
  /** Pulsar's admin API. Undefined where it says that there is no such thing. */
  admin<T>(region: Region, method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<T | undefined>;
  /** Stops the region's Pulsar as a cut network does: it keeps its connections, and answers nothing. Answers how to go on. */
  pause(region: Region): () => void;
  /** Ends the region's Pulsar as a power cut does. */
  kill(region: Region): Promise<void>;
  /** Resolves when it does its work again. */
  restart(region: Region): Promise<void>;
  end(): Promise<void>;
}

/** With the policy of the repository for two of its regions, but that the casework of `us` stays there. */
export async function startTwoRegions(): Promise<TwoRegions> {
  const directory = await mkdtemp(join(tmpdir(), 'ringside-two-regions-'));
  const servers = join(directory, 'ring');
  const policyFile = join(directory, 'ring.yaml');
  await mkdir(servers);
  await writeFile(policyFile, await policyText());
  const options = {
    directory: servers,
    cacheDirectory: process.env['RINGSIDE_RING_CACHE'] || undefined,
    javaHome: process.env['JAVA_HOME'] || undefined,
  };
  await ringUp(options, regions);
  const opened = await openControl({ policy: policyFile, only: regions, servers });
  const logs = new Map<string, Promise<EventLog>>();
  const regionOf = (region: Region) => readRing(servers).regions.find(({ name }) => name === region)!;
  const placements = new Map<Region, Placement>(regions.map((region) => [region, placementOf(opened.policy, region)]));

  function logOf(region: Region, namespace: string): Promise<EventLog> {
    const url = `${regionOf(region).eventLogUrl}/${opened.policy.tenant}/${namespace}?createNamespace=false`;
    const known = logs.get(url) ?? openEventLog(url, { dataDirectory: directory });
    logs.set(url, known);
    return known;
  }

  return {
    directoryOf: (region) => join(servers, region),
    control: opened.control,
    policy: opened.policy,
    publish: async (region, ...events) => {
      const placement = placements.get(region)!;
      for (const event of events) {
        const record = placement.recordOf(event);
        const topic = placement.held.find(({ name }) => name === record.topic);
        if (topic === undefined) throw new Error(`${record.topic} is not in ${region}.`);
        await (await logOf(region, namespaceOf(topic))).append([record]);
      }
    },
    idsIn: async (region, topic) => {
      const ids: string[] = [];
      for (const placed of placements.get(region)!.heard(topic)) {
        const log = await logOf(region, namespaceOf(placed));
        for (let partition = 0; partition < placed.topic.partitions; partition++) {
          for await (const { id } of log.read({ topic: placed.name, partition })) ids.push(id);
        }
      }
      return ids;
    },
    admin: async <T>(region: Region, method: string, path: string, body?: unknown) => {
      const response = await fetch(`http://127.0.0.1:${regionOf(region).ports.pulsarWeb}/admin/v2/${path}`, {
        method,
        ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      });
      if (response.status === 404) return undefined;
      const text = await response.text();
      if (!response.ok) throw new Error(`${method} ${path} was answered ${response.status}: ${text}`);
      return (text === '' ? undefined : JSON.parse(text)) as T;
    },
    pause: (region) => {
      const { pid } = regionOf(region).servers.find(({ name }) => name === 'pulsar')!;
      process.kill(pid!, 'SIGSTOP');
      return () => void process.kill(pid!, 'SIGCONT');
    },
    kill: (region) => killServer(servers, { region, server: 'pulsar' }),
    restart: (region) => restartServer(options, { region, server: 'pulsar' }),
    end: async () => {
      await Promise.all([...logs.values()].map(async (log) => (await log).close()));
      await opened.close();
      await ringDown(servers, { purge: true });
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function policyText(): Promise<string> {
  const text = await readFile(resolve(import.meta.dirname, '../../ring.yaml'), 'utf8');
  // Of us: that it may be stood in for, and that its casework goes anywhere.
  const changed = text
    .replace(/(\n {2}us:\n(?: {4}.*\n)*? {4}successors:) \[eu\]/, '$1 []')
    .replace(/(\n {4}routes:\n(?: {6}.*\n)*?) {6}us: \[eu\]\n/, '$1');
  if (changed.length !== text.length - 'eu'.length - '      us: [eu]\n'.length)
    throw new Error('ring.yaml is not what it was.');
  return changed;
}

/** Files below a directory whose bytes have this text. */
export async function filesWith(directory: string, text: string): Promise<readonly string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const found: string[] = [];
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && (await hasText(path, Buffer.from(text)))) found.push(path);
  }
  return found;
}

async function hasText(path: string, text: Buffer): Promise<boolean> {
  let before = Buffer.alloc(0);
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
      const bytes = Buffer.concat([before, chunk as Buffer]);
      if (bytes.includes(text)) return true;
      before = bytes.subarray(-text.length);
    }
  } catch (error) {
    // It was removed meanwhile: a server's own file.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  return false;
}

/** Waits until both regions have these records of a topic, and no others. */
export async function untilEqual(ring: TwoRegions, topic: string, ids: readonly string[], secondsMax: number): Promise<void> {
  const wanted = [...new Set(ids)].sort().join(' ');
  await until(`both regions have the same ${ids.length} records of ${topic}`, secondsMax, async () => {
    const sets = await Promise.all(
      regions.map(async (region) => [...new Set(await ring.idsIn(region, topic))].sort().join(' ')),
    );
    return sets.every((set) => set === wanted) ? true : undefined;
  });
}
