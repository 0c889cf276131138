import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import { createSigningKey, keySetUrl, signToken, type Person, type SigningKey } from '@ringside/issuer';
import { endWithParent, ownSettingsAside } from '@ringside/service-processes';

export interface ServiceOptions {
  readonly dataDirectory: string;
  /** Where to write a CPU profile of the service. */
  readonly profileDirectory?: string | undefined;
  /** Settings beyond the defaults. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface ServiceProcess {
  readonly name: string;
  readonly url: string;
  readonly pid: number;
  /** Rejects where it had to be killed, since it did not end in time by itself. */
  stop(): Promise<void>;
}

const startedMsMax = 120_000;
const stopMsMax = 30_000;

const audience = 'ringside';
const issuer = 'https://issuer.bench';
let signingKey: Promise<SigningKey> | undefined;
const keyOfRun = (): Promise<SigningKey> => (signingKey ??= createSigningKey());

const authOfServices = async (): Promise<NodeJS.ProcessEnv> => ({
  RINGSIDE_ENV: 'development', // so that report-intake asks for no token
  RINGSIDE_AUTH_JWKS: keySetUrl(await keyOfRun()),
  RINGSIDE_AUTH_ISSUER: issuer,
  RINGSIDE_AUTH_AUDIENCE: audience,
});

/** A token that every service of this run takes. */
export const tokenFor = async (person: Person): Promise<string> =>
  signToken(await keyOfRun(), person, { issuer, audience, seconds: 3_600 });

const apps = fileURLToPath(new URL('../../../apps', import.meta.url));
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** The services of the workspace: what is there, so that a team can leave it. */
export const servicesThere = (): readonly string[] =>
  readdirSync(apps).filter((name) => existsSync(join(apps, name, 'dist', 'main.js')));

/** Starts a service as it is started in production, on a free port. Resolves when it takes requests. */
export async function startServiceProcess(
  name: string,
  { dataDirectory, profileDirectory, settings = {} }: ServiceOptions,
): Promise<ServiceProcess> {
  const flags = profileDirectory === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileDirectory}`];
  const env = {
    ...ownSettingsAside(process.env),
    RINGSIDE_PORT: '0',
    RINGSIDE_DATA: dataDirectory,
    RINGSIDE_LOG_LEVEL: 'info',
    NODE_ENV: 'production',
    ...settings,
    ...(await authOfServices()),
  };
  const child = spawn(process.execPath, ['--import', endWithParent, ...flags, join(apps, name, 'dist', 'main.js')], {
    env,
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  running.add(child);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  void ended.then(() => running.delete(child));
  const url = await startedAt(child, name);
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    const late = setTimeout(() => child.kill('SIGKILL'), stopMsMax);
    await ended;
    clearTimeout(late);
    if (child.signalCode === 'SIGKILL') throw new Error(`${name} did not end within ${stopMsMax / 1_000} s.`);
  };
  return { name, url, pid: child.pid!, stop };
}

/** The service says in its log where it listens. */
function startedAt(child: ChildProcess, name: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const late = new Error(`${name} did not take requests within ${startedMsMax / 1_000} s.`);
    void pause(startedMsMax, undefined, { ref: false }).then(() => reject(late));
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${name} ended before it took requests (exit code ${code}).`)));
    createInterface({ input: child.stdout! }).on('line', (line) => {
      if (!line.includes('"msg":"started"')) return;
      resolve((JSON.parse(line) as { url: string }).url);
    });
  });
}
