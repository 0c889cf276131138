import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface ServiceProcess {
  readonly name: string;
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

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
  dataDirectory: string,
  profileDirectory?: string,
): Promise<ServiceProcess> {
  const flags = profileDirectory === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileDirectory}`];
  const env = {
    ...process.env,
    RINGSIDE_PORT: '0',
    RINGSIDE_DATA: dataDirectory,
    RINGSIDE_LOG_LEVEL: 'info',
    NODE_ENV: 'production',
  };
  const child = spawn(process.execPath, [...flags, join(apps, name, 'dist', 'main.js')], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  running.add(child);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  void ended.then(() => running.delete(child));
  const url = await startedAt(child, name);
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
  };
  return { name, url, pid: child.pid!, stop };
}

/** The service says in its log where it listens. */
function startedAt(child: ChildProcess, name: string): Promise<string> {
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`${name} ended before it took requests (exit code ${code}).`)));
    createInterface({ input: child.stdout! }).on('line', (line) => {
      if (!line.includes('"msg":"started"')) return;
      resolve((JSON.parse(line) as { url: string }).url);
    });
  });
}
