import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';

/** Calls of a process that fail from now on. */
export interface FailingCalls {
  /** Lets them succeed again; resolves with how many have failed. */
  end(): Promise<number>;
}

/** Why no call can be made to fail here; undefined where it can. */
export function missingStrace(): string | undefined {
  if (process.platform !== 'linux') return 'strace is for Linux';
  try {
    execFileSync('strace', ['-f', '-o', '/dev/null', 'true'], { stdio: 'ignore' });
  } catch {
    return "strace (Debian's package strace) is missing, or may not trace here";
  }
  // A tracer that is not the parent needs to be root where the kernel restricts it (Yama).
  return process.getuid?.() === 0 ? undefined : 'only root may trace processes that run already';
}

const attachedMsMax = 10_000;

export interface Failure {
  /** With commas between them. */
  readonly calls: string;
  /** As the kernel calls it: `EIO`. */
  readonly error: string;
  /** 1 for each of them, 3 for one in three. */
  readonly every: number;
  /** Calls on other files succeed. */
  readonly files: readonly string[];
}

/** Makes calls of a running process fail. Resolves when that is so. */
export async function failCalls(pid: number, { calls, error, every, files }: Failure): Promise<FailingCalls> {
  const inject = `inject=${calls}:error=${error}:when=1+${every}`;
  const paths = files.flatMap((file) => ['-P', file]);
  const tracer = spawn(
    'strace',
    ['-f', '-p', String(pid), ...paths, '-e', `trace=${calls}`, '-e', inject, '-e', 'signal=none'],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  let output = '';
  tracer.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
  const ended = once(tracer, 'close');
  for (const giveUpAt = performance.now() + attachedMsMax; !/attached/.test(output);) {
    if (tracer.exitCode !== null || performance.now() > giveUpAt) throw new Error(`strace does not trace: ${output.trim()}`);
    await pause(20);
  }
  return {
    async end() {
      tracer.kill('SIGINT');
      await ended;
      return output.split('INJECTED').length - 1;
    },
  };
}
