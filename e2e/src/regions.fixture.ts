import { join } from 'node:path';
import { openEventLog } from '@ringside/drivers';
import type { LinkStatus } from '@ringside/replicator';

import { runNode, until, type Running } from './processes.fixture.js';
import type { ServiceAddress } from './ringside.fixture.js';

export type EventLog = Awaited<ReturnType<typeof openEventLog>>;

/** What one region runs, and where it keeps what it has. */
export interface Region {
  readonly name: string;
  readonly data: string;
  readonly services: readonly ServiceAddress[];
  readonly teams: readonly ServiceAddress[];
  /** Undefined where the workspace has no platform service. */
  readonly platform: ServiceAddress | undefined;
  /** Its log, opened beside its services. */
  readonly log: EventLog;
  /** Where its directory is another one than it was. */
  openLogAgain(): Promise<void>;
  urlOf(service: string): string;
  pidOf(service: string): number;
}

export interface Person {
  readonly sub: string;
  readonly teams?: readonly string[];
  readonly roles: readonly string[];
}

export interface Answer<Body> {
  readonly status: number;
  readonly body: Body;
}

/** Several regions, as `npm start -- --regions` starts them. */
export interface Regions {
  readonly start: Running;
  readonly all: readonly Region[];
  region(name: string): Region;
  readonly issuerUrl: string;
  /** The process that the replicator has now. */
  pidOfReplicator(): number;
  tokenOf(person: Person): Promise<string>;
  links(): Promise<readonly LinkStatus[]>;
  changeLink(from: string, to: string, wish: { readonly state?: 'cut' | 'healed'; readonly delayMs?: number }): Promise<void>;
  /** As `npm run ring:region` does. */
  switchRegion(name: string, wish: 'lose' | 'start', how?: { readonly only?: string; readonly empty?: boolean }): Promise<void>;
  /** Resolves when the links have copied everything, and every service of every region has worked through its log. */
  settle(): Promise<void>;
  /** Ends the processes; throws where they do not end as they should. */
  stop(): Promise<void>;
}

const [regionsOffset, replicatorOffset, issuerOffset, portsPerRegion] = [7, 8, 9, 10];
const withoutCases = new Set(['report-intake', 'platform']);

export const portsOf = (regions: readonly string[]): number => regions.length * portsPerRegion;

export interface StartOptions {
  readonly data: string;
  readonly portBase: number;
  /** What the services are configured with besides. */
  readonly env?: NodeJS.ProcessEnv;
}

export async function startRegions(names: readonly string[], { data, portBase, env }: StartOptions): Promise<Regions> {
  const options = ['--regions', names.join(), '--data', data, '--port-base', String(portBase), '--no-demo'];
  const start = runNode('tools/start/dist/main.js', options, env);
  await until(`the regions start\n${start.output()}${start.stderr()}`, 240, () =>
    start.output().includes('\nReady.') || start.stderr() !== '' ? true : undefined,
  );
  if (start.stderr() !== '') throw new Error(start.stderr());
  const all = await Promise.all(names.map((name) => regionOf(name, join(data, name), start)));
  const control = `http://127.0.0.1:${portBase + replicatorOffset}/links`;
  const links = async (): Promise<readonly LinkStatus[]> =>
    ((await (await fetch(control)).json()) as { links: readonly LinkStatus[] }).links;
  return {
    start,
    all,
    issuerUrl: `http://127.0.0.1:${portBase + issuerOffset}`,
    region: (name) => all.find((region) => region.name === name)!,
    pidOfReplicator: () =>
      Number([...start.output().matchAll(/replicator (?:\(|is back after .* \()process (\d+)\)/g)].at(-1)![1]),
    tokenOf: async (person) => {
      const init = { method: 'POST', body: JSON.stringify(person) };
      const answer = await fetch(`http://127.0.0.1:${portBase + issuerOffset}/token`, init);
      return ((await answer.json()) as { access_token: string }).access_token;
    },
    links,
    changeLink: async (from, to, wish) => {
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(`${control}/${from}/${to}`, { method: 'POST', headers, body: JSON.stringify(wish) });
      if (!answer.ok) throw new Error(await answer.text());
    },
    switchRegion: async (name, wish, how = {}) => {
      const url = `http://127.0.0.1:${portBase + regionsOffset}/regions/${name}/${wish}`;
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(how) });
      if (!answer.ok) throw new Error(await answer.text());
    },
    settle: () => settled(all, links),
    stop: async () => {
      await Promise.all(all.map(({ log }) => log.close()));
      start.signal('SIGTERM');
      const code = await start.exited;
      if (code !== 0) throw new Error(`The regions ended with ${code}.\n${start.output()}${start.stderr()}`);
    },
  };
}

async function regionOf(name: string, data: string, start: Running): Promise<Region> {
  const rows = [...start.output().matchAll(/│ ([a-z]+) +│ ([a-z-]+) +│ (http:\S+) +│ \S+ +│ (\d+) +│/g)]
    .filter(([, region]) => region === name)
    .map(([, , service, url, pid]) => ({ name: service!, url: url!, pid: Number(pid) }));
  const backs = (service: string): readonly string[] =>
    [...start.output().matchAll(new RegExp(`${name}/${service} is back after .* \\(process (\\d+)\\)`, 'g'))].map(
      ([, pid]) => pid!,
    );
  const rowOf = (service: string) => {
    const row = rows.find((one) => one.name === service);
    if (row === undefined) throw new Error(`${name} has no ${service}:\n${start.output()}`);
    return row;
  };
  let log = await openEventLog('embedded:', { dataDirectory: data });
  return {
    name,
    data,
    services: rows,
    teams: rows.filter((row) => !withoutCases.has(row.name)),
    platform: rows.find((row) => row.name === 'platform'),
    get log() {
      return log;
    },
    openLogAgain: async () => {
      await log.close();
      log = await openEventLog('embedded:', { dataDirectory: data });
    },
    urlOf: (service) => rowOf(service).url,
    pidOf: (service) => Number(backs(service).at(-1) ?? rowOf(service).pid),
  };
}

/** Somebody may publish what follows from the last event a moment after having acknowledged it: nothing moves at two looks. */
const stillMs = 500;

async function settled(regions: readonly Region[], links: () => Promise<readonly LinkStatus[]>): Promise<void> {
  let before = '';
  let since = performance.now();
  let missing = '';
  await until('the regions settle', 120, async () => {
    const state = await stateOf(regions, links);
    missing = state.missing;
    if (state.heads !== before) [before, since] = [state.heads, performance.now()];
    return missing === '' && performance.now() - since >= stillMs ? true : undefined;
  }).catch((error: Error) => {
    throw new Error(`${error.message} ${missing}`);
  });
}

async function stateOf(
  regions: readonly Region[],
  links: () => Promise<readonly LinkStatus[]>,
): Promise<{ readonly heads: string; readonly missing: string }> {
  const missing = (await links())
    .filter(({ state, backlog }) => state !== 'up' || backlog !== 0)
    .map(({ from, to, state, backlog }) => `link ${from}-${to} is ${state}, backlog ${backlog}`);
  const heads: unknown[] = [];
  for (const { name, log, services } of regions) {
    for (const { topic } of await log.topics()) {
      heads.push(await log.heads(topic));
      for (const service of services) {
        const behind = (await log.backlog(topic, service.name)).reduce((sum, { backlog }) => sum + backlog, 0);
        if (behind > 0) missing.push(`${name}/${service.name} has ${behind} of ${topic} to do`);
      }
    }
  }
  return { heads: JSON.stringify(heads), missing: missing.join('; ') };
}

/** A request with somebody's token; the answer is JSON. */
export async function request<Body>(url: string, token: string, init: RequestInit = {}): Promise<Answer<Body>> {
  const headers = { authorization: `Bearer ${token}`, ...(init.headers as Record<string, string> | undefined) };
  const response = await fetch(url, { ...init, headers });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  return { status: response.status, body: (isJson ? JSON.parse(text) : text) as Body };
}

export const post = <Body>(
  url: string,
  token: string,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer<Body>> =>
  request(url, token, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
