import { runNode, until, type Running } from './processes.fixture.js';

export interface ServiceAddress {
  readonly name: string;
  readonly url: string;
}

/** The whole of Ringside, as `npm start` starts it. */
export interface Ringside {
  readonly start: Running;
  readonly services: readonly ServiceAddress[];
  /** Those with cases. */
  readonly teams: readonly ServiceAddress[];
  /** What makes another instance of a team's service take the same tokens. */
  readonly authEnv: NodeJS.ProcessEnv;
  /** The process that a service has now. */
  pidOf(service: string): number;
  /** Resolves when the service is back from so many deaths in all. */
  untilBack(service: string, deaths: number): Promise<void>;
}

const issuerPortOffset = 9;
const withoutCases = new Set(['report-intake', 'platform']);
/** Of somebody who may read everything, and tend what is parked. */
let authorization = '';

async function authorizationFrom(issuer: string): Promise<string> {
  const body = JSON.stringify({ sub: 'e2e', roles: ['lead', 'approver', 'platform'] });
  const answer = (await (await fetch(`${issuer}/token`, { method: 'POST', body })).json()) as { access_token: string };
  return `Bearer ${answer.access_token}`;
}

/** `env`: what the services are configured with besides. `args`: further options of `npm start`. */
export async function startRingside(
  data: string,
  portBase: number,
  env: NodeJS.ProcessEnv = {},
  args: readonly string[] = [],
): Promise<Ringside> {
  const options = ['--data', data, '--port-base', String(portBase), '--no-demo', ...args];
  const start = runNode('tools/start/dist/main.js', options, env);
  await until(`Ringside starts\n${start.output()}${start.stderr()}`, 90, () => {
    return start.output().includes('\nReady.') || start.stderr() !== '' ? true : undefined;
  });
  if (start.stderr() !== '') throw new Error(start.stderr());
  const issuer = `http://127.0.0.1:${portBase + issuerPortOffset}`;
  authorization = await authorizationFrom(issuer);
  const rows = [...start.output().matchAll(/│ ([a-z-]+) +│ (http:\S+) +│ \S+ +│ (\d+) +│/g)];
  const services = rows.map(([, name, url]) => ({ name: name!, url: url! }));
  const backs = (service: string): readonly string[] =>
    [...start.output().matchAll(new RegExp(`${service} is back after .* \\(process (\\d+)\\)`, 'g'))].map(([, pid]) => pid!);
  return {
    start,
    services,
    authEnv: { RINGSIDE_AUTH_JWKS: `${issuer}/.well-known/jwks.json`, RINGSIDE_AUTH_ISSUER: issuer },
    teams: services.filter(({ name }) => !withoutCases.has(name)),
    pidOf: (service) => Number(backs(service).at(-1) ?? rows.find(([, name]) => name === service)![3]),
    untilBack: (service, deaths) =>
      until(`${service} comes back\n${start.output()}`, 120, () => (backs(service).length >= deaths ? true : undefined)).then(
        () => undefined,
      ),
  };
}

/** Loadgen on this Ringside, in a process of its own. */
export function runLoadgen({ services, teams }: Ringside, ...args: readonly string[]): Running {
  const intake = services.find(({ name }) => name === 'report-intake')!;
  const options = ['--url', intake.url, '--team', ...teams.map(({ url }) => url), ...args];
  return runNode('tools/loadgen/dist/main.js', options, { LOADGEN_TOKEN: authorization.replace('Bearer ', '') });
}

export async function getJson<T>(url: string): Promise<T> {
  const response = await fetch(url, { headers: { authorization } });
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as T;
}

/**
 * Each team's oldest cases, as its list shows them: without what changes with the time alone, which are their priorities and, as
 * deadlines that come near are said in their streams, their versions.
 */
export function caseLists({ teams }: Ringside): Promise<readonly (readonly object[])[]> {
  return Promise.all(
    teams.map(async ({ url }) => {
      const list = await getJson<{ items: { priority: object; version: number }[] }>(
        `${url}/v1/cases?status=all&sort=oldest&limit=200`,
      );
      return list.items.map(({ priority: _priority, version: _version, ...file }) => file);
    }),
  );
}

/** The sum of a metric over its labels that match. */
export async function metric(service: ServiceAddress, name: string, labels: RegExp): Promise<number> {
  const text = await (await fetch(`${service.url}/metrics`)).text();
  const lines = text.split('\n').filter((line) => line.startsWith(`${name}{`) && labels.test(line));
  return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}
