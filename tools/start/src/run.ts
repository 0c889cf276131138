import { join } from 'node:path';
import pc from 'picocolors';
import { startIssuer, type Issuer } from '@ringside/issuer';
import { startDemo } from './demo.js';
import { prepareDataDirectory } from './data-directory.js';
import { discoverServices, type Service } from '@ringside/service-processes';
import { requireFreePorts } from './free-ports.js';
import { hostOf } from './host.js';
import { lockDirectory } from './lock-directory.js';
import { describeMember, openMember, startMembers, stopMembers, type Member } from './members.js';
import type { Options } from './options.js';
import { exampleLines, servicesTable } from './print.js';
import type { PreparedRegions } from './region-members.js';
import { startRing, type RingUnderServices } from './ring.js';
import { requireRegions, runRegions } from './run-regions.js';
import type { Prepared, Surroundings } from './surroundings.js';
import { aborted, untilAborted } from './until-aborted.js';

/**
 * Starts the services, keeps them running until the signal, and stops them. Resolves with the exit code. Throws `StartupError`,
 * with nothing left running, where one of them does not start.
 */
export async function run(options: Options, surroundings: Surroundings): Promise<number> {
  const { root, env } = surroundings;
  const services = discoverServices(root);
  const { regions = [] } = options;
  const places = services.flatMap((service) =>
    regions.length === 0
      ? [service]
      : regions.map((region, index) => ({
          ...service,
          name: `${region}/${service.name}`,
          portOffset: 10 * index + service.portOffset,
        })),
  );
  // Whatever can be refused without the directory is, so that a start that is refused leaves none behind.
  if (regions.length > 0) await requireRegions(regions, options);
  await requireFreePorts(places, hostOf(env).bind, options.portBase);
  if (!env['RINGSIDE_AUTH_JWKS']) await requireFreePorts([issuerPlace], '127.0.0.1', options.portBase);
  const { logs } = await prepareDataDirectory(options.data, regions);
  const unlock = await lockDirectory(options.data);
  try {
    return await runPrepared({ services, logs, regions }, options, surroundings);
  } finally {
    await unlock();
  }
}

async function runPrepared(
  prepared: Omit<PreparedRegions, 'issuer'>,
  options: Options,
  surroundings: Surroundings,
): Promise<number> {
  const { services, logs, regions } = prepared;
  const { env } = surroundings;
  const issuer = await startIssuerFor(services, options, env);
  const withIssuer = { ...surroundings, env: { ...env, ...issuer?.serviceEnv } };
  try {
    if (regions.length > 0) return await runRegions({ services, logs, issuer, regions }, options, withIssuer);
    if (!options.ring) return await runServices({ services, logs, issuer }, options, withIssuer);
    return await runOnRing({ services, logs, issuer }, options, withIssuer);
  } finally {
    await issuer?.close();
  }
}

/** The development issuer's port after the base. */
const issuerPortOffset = 9;
const issuerPlace = { name: 'the development issuer', portOffset: issuerPortOffset };

async function startIssuerFor(
  services: readonly Service[],
  { data, portBase }: Options,
  env: NodeJS.ProcessEnv,
): Promise<Issuer | undefined> {
  if (env['RINGSIDE_AUTH_JWKS']) return undefined;
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
  const members = services.map((service) => {
    const { name, portOffset } = service;
    const port = options.portBase + portOffset;
    return openMember({
      name,
      service,
      url: `http://${host.reach}:${port}`,
      env: { ...env, RINGSIDE_DATA: options.data, RINGSIDE_PORT: String(port) },
      logFile: join(logs, `${name}.log`),
      verbose: options.verbose,
      print,
      onGivenUp: () => (exitCode = 1),
    });
  });
  killSignal.addEventListener('abort', () => {
    for (const { supervisor } of members) supervisor.kill();
  });

  try {
    await untilAborted(startMembers(members), signal);
    if (!signal.aborted) await serve(members, issuer, options, surroundings);
  } finally {
    if (signal.aborted) print('Stopping.');
    await stopMembers(members);
  }
  return exitCode;
}

async function serve(
  members: readonly Member[],
  issuer: Issuer | undefined,
  options: Options,
  { print, signal }: Surroundings,
): Promise<void> {
  const running = await Promise.all(members.map(describeMember));
  print(servicesTable(running));
  const intakeUrl = running.find(({ takesReports }) => takesReports)?.url;
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
