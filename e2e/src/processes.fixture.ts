import { spawn } from 'node:child_process';
import { resolve } from 'node:path';

export { until } from '@ringside/service-processes';

const root = resolve(import.meta.dirname, '../..');

/** A process, and what it has written so far. */
export interface Running {
  readonly pid: number;
  readonly output: () => string;
  readonly stderr: () => string;
  readonly exited: Promise<number | NodeJS.Signals>;
  signal(signal: NodeJS.Signals): void;
}

const running = new Set<Running>();

/** Starts a program of the workspace by its path in it. */
export function runNode(program: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Running {
  const child = spawn(process.execPath, [resolve(root, program), ...args], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (text: Buffer) => (stdout += text.toString()));
  child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
  const exited = new Promise<number | NodeJS.Signals>((done) => child.once('close', (code, signal) => done(signal ?? code!)));
  const started: Running = {
    pid: child.pid!,
    output: () => stdout,
    stderr: () => stderr,
    exited,
    signal: (signal) => void child.kill(signal),
  };
  running.add(started);
  void exited.then(() => running.delete(started));
  return started;
}

/** Ends what a failed test has left running. */
export async function endAll(): Promise<void> {
  for (const one of running) one.signal('SIGTERM');
  await Promise.all([...running].map(({ exited }) => exited));
}

export const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};
