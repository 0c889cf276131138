import { join } from 'node:path';
import pc from 'picocolors';
import { startIssuer, type Issuer } from '@ringside/issuer';
import { startDemo } from './demo.js';
import { prepareDataDirectory } from './data-directory.js';
import { discoverServices, type Service } from './discover-services.js';
import { requireFreePorts } from './free-ports.js';
import type { Options } from './options.js';
import { eventLine, exampleLines, servicesTable, type RunningService } from './print.js';
import { startRing, type RingUnderServices } from './ring.js';
import { openServiceLog } from './service-log.js';
import { Supervisor } from './supervisor.js';

export interface Surroundings {
  /** Of the workspace. */
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
  readonly print: (line: string) => void;
  /** Ends everything. */
  readonly signal: AbortSignal;
  /** Ends everything at once. */
  readonly killSignal: AbortSignal;
}

interface Member {
  readonly service: Service;
  readonly url: string;
  readonly supervisor: Supervisor;
  readonly close: () => Promise<void>;
}

/**
 * Starts the services, keeps them running until the signal, and stops them. Resolves with the exit code. Throws `StartupError`,
 * with nothing left running, where one of them does not start.
 */
export async function run(options: Options, surroundings: Surroundings): Promise<number> {
  const { root, env } = surroundings;
  const services = discoverServices(root);
  const { logs } = await prepareDataDirectory(options.data);
  await requireFreePorts(services, hostOf(env).bind, options.portBase);
  const issuer = await startIssuerFor(services, options, env);
  const withIssuer = { ...surroundings, env: { ...env, ...issuer?.serviceEnv } };
  try {
    if (!options.ring) return await runServices({ services, logs, issuer }, options, withIssuer);
    return await runOnRing({ services, logs, issuer }, options, withIssuer);
  } finally {
    await issuer?.close();
  }
}

interface Prepared {
  readonly services: readonly Service[];
  /** Where their logs go. */
  readonly logs: string;
  /** Undefined where the environment names one. */
  readonly issuer: Issuer | undefined;
}

/** The development issuer's port after the base. */
const issuerPortOffset = 9;

async function startIssuerFor(
  services: readonly Service[],
  { data, portBase }: Options,
  env: NodeJS.ProcessEnv,
): Promise<Issuer | undefined> {
  if (env['RINGSIDE_AUTH_JWKS']) return undefined;
  await requireFreePorts([{ name: 'the development issuer', portOffset: issuerPortOffset }], '127.0.0.1', portBase);
  const teams = services.flatMap(({ team }) => (team === undefined ? [] : [team]));
  return startIssuer({ directory: join(data, 'issuer'), port: portBase + issuerPortOffset, teams, env });
}

async function runOnRing(prepared: Prepared, options: Options, surroundings: Surroundings): Promise<number> {
  const { env, print, signal } = surroundings;
  let ring: RingUnderServices;
  try {
    ring = await startRing({ directory: join(options.data, 'ring'), env, print, signal });
  } catch (error) {
    if (signal.aborted) return 0;
    throw error;
  }
  try {
    return await runServices(prepared, options, { ...surroundings, env: { ...env, ...ring.env } });
  } finally {
    await ring.stop();
  }
}

async function runServices(prepared: Prepared, options: Options, surroundings: Surroundings): Promise<number> {
  const { services, logs, issuer } = prepared;
  const { env, print, signal, killSignal } = surroundings;
  const host = hostOf(env);
  print(`Starting ${services.map(({ name }) => name).join(', ')} on ${options.data}`);

  let exitCode = 0;
  const members = services.map((service): Member => {
    const port = options.portBase + service.portOffset;
    const url = `http://${host.reach}:${port}`;
    const log = openServiceLog({
      name: service.name,
      file: join(logs, `${service.name}.log`),
      verbose: options.verbose,
      print,
    });
    const serviceEnv = { ...env, RINGSIDE_DATA: options.data, RINGSIDE_PORT: String(port) };
    const supervisor = new Supervisor({ service, url, env: serviceEnv, log }, (event) => {
      if (event.kind === 'given-up') exitCode = 1;
      print(eventLine(service.name, event));
    });
    return { service, url, supervisor, close: () => log.close() };
  });
  const stopAll = async (): Promise<void> => {
    await Promise.all(members.map(({ supervisor }) => supervisor.stop()));
    await Promise.all(members.map(({ close }) => close()));
  };
  killSignal.addEventListener('abort', () => {
    for (const { supervisor } of members) supervisor.kill();
  });

  try {
    await untilAborted(Promise.all(members.map(({ supervisor }) => supervisor.start())), signal);
    if (!signal.aborted) await serve(members, issuer, options, surroundings);
  } finally {
    if (signal.aborted) print('Stopping.');
    await stopAll();
  }
  return exitCode;
}

async function serve(
  members: readonly Member[],
  issuer: Issuer | undefined,
  options: Options,
  { print, signal }: Surroundings,
): Promise<void> {
  const running = await Promise.all(members.map(describe));
  print(servicesTable(running));
  const intakeUrl = running.find(({ hasCases }) => !hasCases)?.url;
  const onTrouble = (because: string): void => print(pc.yellow(`The demo's reports are not accepted: ${because}.`));
  const demo = options.demo && intakeUrl !== undefined ? await startDemo({ intakeUrl, signal, onTrouble }) : undefined;
  if (signal.aborted) return;
  if (demo) print(`Players have filed ${demo.accepted} reports and go on with two a second (--no-demo for none).`);
  print(`Logs are in ${join(options.data, 'logs')}.`);
  if (issuer) print(`Tokens of ready people, for Swagger UI's Authorize and for curl, are at ${issuer.url}. Try:`);
  for (const line of exampleLines(running, issuer?.url, options.portBase)) print(`  ${line}`);
  print('Ready. Ctrl-C stops everything.');
  await Promise.all([demo?.stream(), aborted(signal)]);
}

/** Whether a service has cases is asked of its own documentation, so that no list of teams is kept here. */
async function describe({ service, url, supervisor }: Member): Promise<RunningService> {
  const paths = await fetch(`${url}/docs/openapi.json`)
    .then(async (response) => ((await response.json()) as { paths: object }).paths)
    .catch(() => ({}));
  return { name: service.name, url, pid: supervisor.pid, hasCases: '/v1/cases' in paths };
}

/** The address that services listen on, and the one under which they are reached from here. */
function hostOf(env: NodeJS.ProcessEnv): { readonly bind: string; readonly reach: string } {
  const bind = env['RINGSIDE_HOST'] || '127.0.0.1';
  if (bind === '0.0.0.0') return { bind, reach: '127.0.0.1' };
  return { bind, reach: bind.includes(':') ? `[${bind}]` : bind };
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => (signal.aborted ? resolve() : signal.addEventListener('abort', () => resolve(), { once: true })));

/** The work, or the signal: what is left of the work then ends by itself. */
async function untilAborted(work: Promise<unknown>, signal: AbortSignal): Promise<void> {
  await Promise.race([work, aborted(signal)]);
  if (signal.aborted) work.catch(() => undefined);
}
