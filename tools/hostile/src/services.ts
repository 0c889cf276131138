import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { StartupError } from '@ringside/core';
import { startIssuer, type Issuer } from '@ringside/issuer';
import {
  discoverServices,
  freePortBase,
  launch,
  ownSettingsAside,
  type Service,
  type ServiceLog,
  type ServiceProcess,
} from '@ringside/service-processes';

import type { Endings } from './endings.js';

/** A service under attack. */
export interface Target {
  readonly name: string;
  /** Whose cases it has; undefined for a service without. */
  readonly team: string | undefined;
  readonly port: number;
  readonly url: string;
  readonly pid: number;
  /** All it has written, to stdout and stderr. */
  readonly log: () => string;
  /** How it ended; undefined while it runs. */
  readonly ended: () => string | undefined;
  signal(signal: NodeJS.Signals): void;
}

/** Services on a data directory of their own that goes with them. */
export interface Services {
  /** Theirs, of all of them. */
  readonly dataDirectory: string;
  readonly targets: readonly Target[];
  /** A target by its name; throws where there is none. */
  of(name: string): Target;
  /** A token of the development issuer, for somebody of all teams. */
  token(roles: readonly string[]): Promise<string>;
  stop(): Promise<void>;
}

export interface ServicesOptions {
  /** Of the workspace. */
  readonly root: string;
  /** Those with these names; all where absent. */
  readonly only?: readonly string[];
  /** Settings on top of the default ones. */
  readonly settings?: Readonly<Record<string, string>>;
  /** They are ended with these too, also while they start. */
  readonly endings: Endings;
}

/** Starts services with the embedded drivers. Throws {@link StartupError}, with nothing left running, where one does not start. */
export async function startServices({ root, only, settings = {}, endings }: ServicesOptions): Promise<Services> {
  const chosen = discoverServices(root).filter(({ name }) => only?.includes(name) ?? true);
  if (chosen.length === 0) throw new StartupError(`There is no ${only?.join(', ') ?? 'service'} in this workspace.`);
  const teams = chosen.flatMap(({ team }) => (team === undefined ? [] : [team]));
  const directory = await mkdtemp(join(tmpdir(), 'ringside-hostile-'));
  let issuer: Issuer | undefined;
  const running: Running[] = [];
  const stop = endings.add(async () => {
    await Promise.all(running.map(({ process: one }) => one.stop()));
    await issuer?.close();
    await rm(directory, { recursive: true, force: true, maxRetries: 3 });
  });
  const data = join(directory, 'data');
  try {
    await mkdir(data);
    issuer = await startIssuer({ directory: join(directory, 'issuer'), port: 0, teams, env: {} });
    const portBase = await freePortBase(1 + Math.max(...chosen.map(({ portOffset }) => portOffset)));
    const env = { ...ownSettingsAside(process.env), ...issuer.serviceEnv, RINGSIDE_DATA: data, ...settings };
    endings.signal.throwIfAborted();
    for (const service of chosen) running.push(start(service, portBase, env));
    for (const outcome of await Promise.all(running.map(({ process: one }) => one.ready()))) {
      if (!outcome.ready) throw new StartupError(outcome.because);
    }
  } catch (error) {
    await stop();
    throw error;
  }
  const targets = running.map(({ target }) => target);
  const { url } = issuer;
  return {
    dataDirectory: data,
    targets,
    of(name) {
      const found = targets.find((target) => target.name === name);
      if (found === undefined) throw new StartupError(`There is no ${name} in this workspace.`);
      return found;
    },
    token: (roles) => tokenFrom(url, teams, roles),
    stop,
  };
}

interface Running {
  readonly target: Target;
  readonly process: ServiceProcess;
}

function start(service: Service, portBase: number, env: NodeJS.ProcessEnv): Running {
  const { name, main, team, portOffset } = service;
  if (!existsSync(main)) throw new StartupError(`${name} is not built: run npm run build.`);
  const port = portBase + portOffset;
  const url = `http://127.0.0.1:${port}`;
  const log = logInMemory();
  const launched = launch({ service, url, env: { ...env, RINGSIDE_PORT: String(port) }, log });
  let ended: string | undefined;
  void launched.ended.then((how) => (ended = how));
  const pid = launched.pid ?? 0;
  const target: Target = {
    ...{ name, team, port, url, pid },
    log: log.written,
    ended: () => ended,
    signal: (signal) => void (ended === undefined && process.kill(pid, signal)),
  };
  return { target, process: launched };
}

/** All that a service writes, to be looked through at the end. */
function logInMemory(): ServiceLog & { readonly written: () => string } {
  const written: string[] = [];
  return {
    written: () => written.join(''),
    follow({ stdout, stderr }) {
      const errors: string[] = [];
      stdout.setEncoding('utf8').on('data', (chunk: string) => written.push(chunk));
      stderr.setEncoding('utf8').on('data', (chunk: string) => {
        written.push(chunk);
        errors.push(chunk);
      });
      return { takeStderr: () => errors.splice(0).join('').split('\n'), showStderr: () => undefined };
    },
    close: () => Promise.resolve(),
  };
}

const tokenMsMax = 10_000;

async function tokenFrom(issuer: string, teams: readonly string[], roles: readonly string[]): Promise<string> {
  const response = await fetch(`${issuer}/token`, {
    method: 'POST',
    body: JSON.stringify({ sub: 'hostile', teams, roles }),
    signal: AbortSignal.timeout(tokenMsMax),
  });
  return ((await response.json()) as { access_token: string }).access_token;
}
