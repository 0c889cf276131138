import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { StartupError } from '@ringside/core';
import { startIssuer, type Issuer } from '@ringside/issuer';
import {
  discoverServices,
  freePortBase,
  openServiceLog,
  ownSettingsAside,
  Supervisor,
  until,
  type RestartPolicy,
  type Service,
} from '@ringside/service-processes';

/** A service as a process that is started again whenever it dies. */
export interface Victim {
  readonly name: string;
  /** Whose cases it has; undefined for a service without. */
  readonly team: string | undefined;
  readonly url: string;
  readonly service: Service;
  /** How often it has died. */
  readonly deaths: () => number;
  /** How long it took to be ready again each time, in ms. */
  readonly awayMs: readonly number[];
  /** The process that it has now; undefined while there is none. */
  pid(): number | undefined;
  signal(signal: NodeJS.Signals): void;
  /** Ends it as a crash does; resolves when it, or the one after it, is ready. */
  killUntilBack(): Promise<void>;
  /** Resolves when it answers that it is ready. */
  untilReady(): Promise<void>;
  /** All it has logged, in all its lives. */
  log(): Promise<string>;
}

/** All services of the workspace on one data directory, as `npm start` runs them. */
export interface Services {
  /** Theirs; everything of the run lies in the directory above. */
  readonly data: string;
  readonly victims: readonly Victim[];
  readonly teams: readonly Victim[];
  readonly intake: Victim;
  /** Settings that they were started with, for a process beside them. */
  readonly env: NodeJS.ProcessEnv;
  token(person: {
    readonly sub: string;
    readonly roles: readonly string[];
    readonly teams?: readonly string[];
  }): Promise<string>;
  /** Ends the processes; the files stay. */
  stop(): Promise<void>;
}

export interface ServicesOptions {
  /** Of the workspace. */
  readonly root: string;
  /** Everything of the run goes there. */
  readonly directory: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Settings of one service alone. */
  readonly envOf?: (service: string) => NodeJS.ProcessEnv;
  /** Whether each team, and report-intake, has a second process that shares its work. */
  readonly doubles?: boolean;
  readonly say: (line: string) => void;
}

/** Ports between a service and its second process. */
const doublePorts = 20;
/** Nobody is given up here, and nobody waits: that a service which dies often is started more slowly is for people. */
const restarts: RestartPolicy = { deathsMax: Infinity, backoffMsMin: 20, backoffMsMax: 20 };
const readySecondsMax = 120;

export const makeDirectory = (): Promise<string> => mkdtemp(join(tmpdir(), 'ringside-chaos-'));

/** Starts all services. Throws {@link StartupError}, with nothing left running, where one does not come up. */
export async function startServices(options: ServicesOptions): Promise<Services> {
  const { root, directory } = options;
  const data = join(directory, 'data');
  const logs = join(directory, 'logs');
  await Promise.all([data, logs].map((path) => mkdir(path, { recursive: true })));
  const services = discoverServices(root);
  const portBase = await freePortBase(2 * doublePorts);
  const teams = services.flatMap(({ team }) => (team === undefined ? [] : [team]));
  const issuer = await startIssuer({ directory: join(directory, 'issuer'), port: 0, teams, env: {} });
  const env = { ...ownSettingsAside(process.env), ...issuer.serviceEnv, RINGSIDE_DATA: data, ...options.env };
  const members = [...services, ...(options.doubles ? services.filter(isShared).map(doubleOf) : [])].map((service) =>
    memberOf(service, portBase, { ...options, logs, env }),
  );
  const stop = async (): Promise<void> => {
    await Promise.all(members.map(({ end }) => end()));
    await issuer.close();
  };
  try {
    await Promise.all(members.map(({ start }) => start()));
  } catch (error) {
    await stop();
    throw error;
  }
  const victims = members.map(({ victim }) => victim);
  return {
    ...{ data, env, victims, stop },
    teams: victims.filter(({ name, team }) => team !== undefined && !name.endsWith('-2')),
    intake: victims.find(({ name }) => name === 'report-intake')!,
    token: (person) => tokenFrom(issuer, { teams, ...person }),
  };
}

/** What the platform service does is for one process. */
const isShared = ({ name, team }: Service): boolean => team !== undefined || name === 'report-intake';

const doubleOf = (service: Service): Service => ({
  ...service,
  name: `${service.name}-2`,
  portOffset: service.portOffset + doublePorts,
});

interface Member {
  readonly victim: Victim;
  start(): Promise<void>;
  end(): Promise<void>;
}

interface MemberSurroundings extends ServicesOptions {
  readonly logs: string;
}

function memberOf(service: Service, portBase: number, { logs, env, envOf, say }: MemberSurroundings): Member {
  const { name, team } = service;
  const port = portBase + service.portOffset;
  const url = `http://127.0.0.1:${port}`;
  const file = join(logs, `${name}.log`);
  const log = openServiceLog({ name, file, verbose: false, print: () => undefined });
  const awayMs: number[] = [];
  let deaths = 0;
  const settings = { ...env, ...envOf?.(name), RINGSIDE_PORT: String(port) };
  const supervisor = new Supervisor(
    { service, url, env: settings, log },
    (event) => {
      if (event.kind === 'died') {
        deaths++;
        if (!event.how.includes('SIGKILL')) say(`${name} died by itself: ${event.how}`);
      } else if (event.kind === 'back') awayMs.push(event.afterMs);
    },
    restarts,
  );
  const victim: Victim = {
    ...{ name, team, url, service, awayMs },
    deaths: () => deaths,
    pid: () => supervisor.pid,
    signal: (signal) => signalTo(supervisor.pid, signal),
    killUntilBack: () => supervisor.startAgain(),
    untilReady: () => untilReady(name, url),
    log: () => readFile(file, 'utf8'),
  };
  const end = async (): Promise<void> => {
    // One that is stopped would not hear that it is to end.
    signalTo(supervisor.pid, 'SIGCONT');
    await supervisor.stop();
    await log.close();
  };
  return { victim, start: () => supervisor.start(), end };
}

function signalTo(pid: number | undefined, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // it is no more, and that is all the same here
  }
}

export async function isReady(url: string): Promise<boolean> {
  const answer = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(5_000) }).catch(() => undefined);
  await answer?.arrayBuffer().catch(() => undefined);
  return answer?.ok === true;
}

async function untilReady(name: string, url: string): Promise<void> {
  await until(`${name} is ready`, readySecondsMax, async () => ((await isReady(url)) ? true : undefined));
}

async function tokenFrom(issuer: Issuer, person: object): Promise<string> {
  const answer = await fetch(`${issuer.url}/token`, { method: 'POST', body: JSON.stringify(person) });
  const { access_token: token } = (await answer.json()) as { access_token?: string };
  if (token === undefined) throw new StartupError(`The development issuer gave no token: it answered ${answer.status}.`);
  return token;
}

export const removeDirectory = (directory: string): Promise<void> =>
  rm(directory, { recursive: true, force: true, maxRetries: 3 });
