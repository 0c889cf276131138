import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { StartupError } from '@ringside/core';
import { startIssuer, type Issuer } from '@ringside/issuer';

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
}

const readyMsMax = 180_000;
const stopMsMax = 20_000;

interface App {
  readonly name: string;
  readonly team: string | undefined;
}

/** The services of the workspace, as their package.json name them. */
function appsOf(root: string): readonly App[] {
  return readdirSync(join(root, 'apps')).flatMap((name) => {
    const manifest = join(root, 'apps', name, 'package.json');
    if (!existsSync(manifest)) return [];
    const { ringside } = JSON.parse(readFileSync(manifest, 'utf8')) as { ringside?: { team?: string; portOffset?: number } };
    return ringside?.portOffset === undefined ? [] : [{ name, team: ringside.team }];
  });
}

/** Starts services with the embedded drivers. Throws {@link StartupError}, with nothing left running, where one does not start. */
export async function startServices({ root, only, settings = {} }: ServicesOptions): Promise<Services> {
  const apps = appsOf(root).filter(({ name }) => only?.includes(name) ?? true);
  const directory = await mkdtemp(join(tmpdir(), 'ringside-hostile-'));
  const teams = apps.flatMap(({ team }) => (team === undefined ? [] : [team]));
  let issuer: Issuer | undefined;
  const running: Running[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(running.map(end));
    await issuer?.close();
    await rm(directory, { recursive: true, force: true, maxRetries: 3 });
  };
  const data = join(directory, 'data');
  try {
    await mkdir(data);
    issuer = await startIssuer({ directory: join(directory, 'issuer'), port: 0, teams, env: {} });
    const env = { ...ownSettingsAside(process.env), ...issuer.serviceEnv, RINGSIDE_DATA: data, ...settings };
    for (const app of apps) running.push(await launch(root, app, env));
    await Promise.all(running.map(untilReady));
  } catch (error) {
    await stop();
    throw error;
  }
  const targets = running.map(({ target }) => target);
  const { url } = issuer;
  return {
    dataDirectory: data,
    targets,
    of: (name) => targets.find((target) => target.name === name)!,
    token: (roles) => tokenFrom(url, teams, roles),
    stop,
  };
}

/** Settings of whoever runs this would make it another attack each time. */
const ownSettingsAside = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('RINGSIDE_') && name !== 'NODE_ENV'));

interface Running {
  readonly target: Target;
  readonly child: ChildProcess;
}

async function launch(root: string, { name, team }: App, env: NodeJS.ProcessEnv): Promise<Running> {
  const main = join(root, 'apps', name, 'dist', 'main.js');
  if (!existsSync(main)) throw new StartupError(`${name} is not built: run npm run build.`);
  const port = await freePort();
  const child = spawn(process.execPath, [main], {
    cwd: root,
    env: { ...env, RINGSIDE_PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const written: string[] = [];
  let ended: string | undefined;
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => written.push(chunk.toString()));
  child.once('close', (code, signal) => (ended = signal ?? `exit code ${code}`));
  const target: Target = {
    ...{ name, team, port, url: `http://127.0.0.1:${port}`, pid: child.pid! },
    log: () => written.join(''),
    ended: () => ended,
    signal: (signal) => void child.kill(signal),
  };
  return { target, child };
}

async function untilReady({ target: { name, url, log, ended } }: Running): Promise<void> {
  for (const giveUpAt = performance.now() + readyMsMax; performance.now() < giveUpAt; await pause(100)) {
    if (ended() !== undefined) throw new StartupError(`${name} ended at its start: ${log().trim().split('\n').at(-1)}`);
    const ready = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(5_000) }).catch(() => undefined);
    await ready?.arrayBuffer();
    if (ready?.ok) return;
  }
  throw new StartupError(`${name} was not ready within ${readyMsMax / 1_000} s.`);
}

async function end({ child }: Running): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, 'close');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), stopMsMax);
  await closed;
  clearTimeout(timer);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function tokenFrom(issuer: string, teams: readonly string[], roles: readonly string[]): Promise<string> {
  const response = await fetch(`${issuer}/token`, {
    method: 'POST',
    body: JSON.stringify({ sub: 'hostile', teams, roles }),
  });
  return ((await response.json()) as { access_token: string }).access_token;
}
