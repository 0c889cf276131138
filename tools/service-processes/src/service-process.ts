import { spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import type { Readable } from 'node:stream';
import type { Service } from './discover-services.js';
import type { ServiceLog } from './service-log.js';

export interface LaunchOptions {
  readonly service: Service;
  readonly url: string;
  readonly env: NodeJS.ProcessEnv;
  readonly log: ServiceLog;
  /** How long it may take to be ready, in ms; two minutes where absent. */
  readonly readyMsMax?: number;
}

/** One run of a service, from its start to its end. */
export interface ServiceProcess {
  readonly pid: number | undefined;
  /** Resolves with how it ended: `SIGKILL`, `exit code 1`. */
  readonly ended: Promise<string>;
  /** Resolves when it is ready to work, or with the sentence that tells what keeps it from that; it is ended then. */
  ready(): Promise<{ readonly ready: true } | { readonly ready: false; readonly because: string }>;
  /** Lets it finish what it has begun, for at most 30 s. */
  stop(): Promise<void>;
  kill(): void;
}

/** On real servers the first start makes topics and tables, which takes them many seconds. */
const readyMsMaxUsual = 120_000;
const readyEveryMs = 50;
const stopMsMax = 30_000;

/** What a service has to import to stop when the process that started it is no more; it takes an `ipc` channel between the two. */
export const endWithParent = new URL('../end-with-parent.mjs', import.meta.url).href;

/**
 * The process is the leader of a group of its own, so that Ctrl-C reaches it through its parent alone; the channel tells it when
 * the parent is no more (end-with-parent.mjs).
 */
export function launch({ service, url, env, log, readyMsMax = readyMsMaxUsual }: LaunchOptions): ServiceProcess {
  const child = spawn(process.execPath, ['--import', endWithParent, service.main, ...(service.args ?? [])], {
    env,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: true,
  });
  const output = log.follow(child as { stdout: Readable; stderr: Readable });
  // Not `exit`: only `close` comes after the last line of stderr.
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
  return {
    pid: child.pid,
    ended,
    async ready() {
      const late = Symbol();
      const outcome = await Promise.race([untilReady(url, ended), ended, pause(readyMsMax, late, { ref: false })]);
      if (outcome === true) {
        output.showStderr();
        return { ready: true };
      }
      child.kill('SIGKILL');
      if (outcome === late)
        return { ready: false, because: `${service.name}: it was not ready within ${readyMsMax / 1_000} s.` };
      const said = output.takeStderr().filter((line) => line.trim() !== '');
      return { ready: false, because: said.at(-1) ?? `${service.name}: it ended at its start, ${String(outcome)}.` };
    },
    async stop() {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), stopMsMax);
      await ended;
      clearTimeout(timer);
    },
    kill: () => void child.kill('SIGKILL'),
  };
}

async function untilReady(url: string, ended: Promise<unknown>): Promise<boolean> {
  let over = false;
  void ended.then(() => (over = true));
  while (!over) {
    const ready = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(5_000) }).then(
      async (response) => {
        await response.arrayBuffer();
        return response.ok;
      },
      () => false,
    );
    if (ready) return true;
    await pause(readyEveryMs);
  }
  return false;
}
