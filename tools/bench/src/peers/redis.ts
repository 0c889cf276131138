import { execFileSync } from 'node:child_process';

import { dataDirectory, findProgram, freePort, launch, ServerMissingError, type PeerServer } from './server-process.js';

/** When the append-only file is flushed: before each answer, or once a second. */
export type AppendFsync = 'always' | 'everysec';

/** A server of its own on the loopback, which keeps all in its append-only file. Throws `ServerMissingError`. */
export async function startRedis(appendfsync: AppendFsync): Promise<PeerServer> {
  const program = redisServer();
  const directory = dataDirectory('redis', undefined);
  try {
    const port = await freePort();
    const settings = {
      bind: '127.0.0.1',
      port: String(port),
      dir: directory.path,
      appendonly: 'yes',
      appendfsync,
      save: '',
      'maxmemory-policy': 'noeviction', // as BullMQ asks for
    };
    const launched = await launch({
      program,
      args: Object.entries(settings).flatMap(([key, value]) => [`--${key}`, value]),
      readyLine: /Ready to accept connections/,
      stopSignal: 'SIGTERM',
    });
    return {
      url: `redis://127.0.0.1:${port}`,
      version: redisVersion(),
      pid: launched.pid,
      stop: async () => {
        await launched.stop();
        directory.remove();
      },
    };
  } catch (error) {
    directory.remove();
    throw error;
  }
}

/** Throws `ServerMissingError`. */
export const redisVersion = (): string => versionIn(execFileSync(redisServer(), ['--version'], { encoding: 'utf8' }));

function redisServer(): string {
  const program = findProgram('redis-server');
  if (program === undefined) throw new ServerMissingError('Redis is not installed');
  return program;
}

/** Of `redis-server --version`: "Redis server v=7.0.15 sha=00000000:0 ...". */
export const versionIn = (text: string): string => `Redis ${/v=(\S+)/.exec(text)?.[1] ?? '(unknown version)'}`;
