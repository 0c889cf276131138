import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { StartupError } from '@ringside/core';
import { startIssuer, type Issuer } from '@ringside/issuer';
import { discoverServices, freePortBase, keepsViews, ownSettingsAside, type Service } from '@ringside/service-processes';

import { memberOf, type Victim } from './victim.js';

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
  /** Whether each team, and report-intake, has a second process that shares its work. What the platform service does is for one. */
  readonly doubles?: boolean;
  /** How long each may take to be ready, or ready again. */
  readonly readySecondsMax?: number;
  readonly say: (line: string) => void;
}

/** Ports between a service and its second process. */
const doublePorts = 20;

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
  const members = [...services, ...(options.doubles ? services.filter(keepsViews).map(doubleOf) : [])].map((service) =>
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

const doubleOf = (service: Service): Service => ({
  ...service,
  name: `${service.name}-2`,
  portOffset: service.portOffset + doublePorts,
});

async function tokenFrom(issuer: Issuer, person: object): Promise<string> {
  const answer = await fetch(`${issuer.url}/token`, { method: 'POST', body: JSON.stringify(person) });
  const { access_token: token } = (await answer.json()) as { access_token?: string };
  if (token === undefined) throw new StartupError(`The development issuer gave no token: it answered ${answer.status}.`);
  return token;
}

export const removeDirectory = (directory: string): Promise<void> =>
  rm(directory, { recursive: true, force: true, maxRetries: 3 });
