import { spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';

/** Calls of a process that fail from now on. */
export interface FailingCalls {
  /** Lets them succeed again; resolves with how many have failed. */
  end(): Promise<number>;
}

export interface Failure {
  /** With commas between them. */
  readonly calls: string;
  /** As the kernel calls it: `EIO`. */
  readonly error: string;
  /** 1 for each of them, 3 for one in three. */
  readonly every: number;
  /** Calls on other files succeed. At least one: strace without any lets the calls on sockets fail as well. */
  readonly files: readonly string[];
}

const attachedMsMax = 10_000;

/** Why no call of a running process can be made to fail here; undefined where it can, as was just tried. */
export async function missingStrace(): Promise<string | undefined> {
  if (process.platform !== 'linux') return 'strace is for Linux';
  const victim = spawn(process.execPath, ['--eval', 'setTimeout(() => undefined, 60_000)'], { stdio: 'ignore' });
  try {
    // A tracer that is not the parent needs the right to trace where the kernel restricts it (Yama), and root may lack that too.
    await (await failCalls(victim.pid!, { calls: 'fsync', error: 'EIO', every: 1, files: ['/'] })).end();
    return undefined;
  } catch (error) {
    return `strace (Debian's package strace) is missing, or may not trace processes that run already: ${(error as Error).message}`;
  } finally {
    victim.kill('SIGKILL');
  }
}

/** Makes calls of a running process fail. Resolves when that is so; throws, with no tracer left, where it cannot be. */
export async function failCalls(pid: number, { calls, error, every, files }: Failure): Promise<FailingCalls> {
  if (files.length === 0) throw new Error('There is no file whose calls could fail.');
  const inject = `inject=${calls}:error=${error}:when=1+${every}`;
  const paths = files.flatMap((file) => ['-P', file]);
  const args = ['-f', '-p', String(pid), ...paths, '-e', `trace=${calls}`, '-e', inject, '-e', 'signal=none'];
  const tracer = spawn('strace', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let [output, over] = ['', false];
  tracer.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
  const ended = new Promise<void>((resolve) => {
    tracer.once('error', ({ message }) => resolve(void (output += message)));
    tracer.once('close', () => resolve());
  }).then(() => (over = true));
  for (const giveUpAt = performance.now() + attachedMsMax; !/attached/.test(output); await pause(20)) {
    if (!over && performance.now() < giveUpAt) continue;
    tracer.kill('SIGKILL');
    await ended;
    throw new Error(`strace does not trace: ${output.trim()}`);
  }
  return {
    async end() {
      tracer.kill('SIGINT');
      await ended;
      return output.split('INJECTED').length - 1;
    },
  };
}
