import { execFile, execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, writeFileSync, chownSync } from 'node:fs';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import {
  dataDirectory,
  findProgram,
  freePort,
  launch,
  ServerMissingError,
  unprivileged,
  type PeerServer,
} from './server-process.js';

/** Debian keeps a directory for each version, and none of them in PATH. */
const debianVersions = '/usr/lib/postgresql';

export const user = 'bench';

const mebibyte = 2 ** 20;

/** What somebody sets who knows the machine and wants every commit on disk. */
export const settingsFor = (memoryBytes: number): Readonly<Record<string, string>> => ({
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  // A quarter of the memory is the usual advice; more than a gigabyte finds nothing to hold here.
  shared_buffers: `${Math.max(128, Math.min(1_024, Math.floor(memoryBytes / 4 / mebibyte)))}MB`,
  wal_buffers: '64MB',
  wal_level: 'minimal',
  max_wal_senders: '0',
  min_wal_size: '1GB',
  max_wal_size: '4GB',
  checkpoint_timeout: '30min',
  max_connections: '100',
  random_page_cost: '1.1',
  jit: 'off',
});

export interface Postgres extends PeerServer {
  /** Outside the databases that peers use. */
  run(statement: string): Promise<void>;
}

/** A server of its own on the loopback, without a socket file, for whoever knows the password. Throws `ServerMissingError`. */
export async function startPostgres(): Promise<Postgres> {
  const [postgres, initdb, psql] = programs();
  const account = unprivileged(['postgres', 'nobody']);
  const directory = dataDirectory('postgres', account);
  try {
    const password = randomBytes(18).toString('base64url');
    const passwordFile = join(directory.path, 'password');
    writeFileSync(passwordFile, password, { mode: 0o600 });
    if (account !== undefined) chownSync(passwordFile, account.uid, account.gid);
    const data = join(directory.path, 'data');
    const how = ['--auth=scram-sha-256', `--pwfile=${passwordFile}`, `--username=${user}`, '--encoding=UTF8', '--locale=C'];
    execFileSync(initdb, ['-D', data, ...how], { ...account, cwd: '/', stdio: 'ignore' });
    const port = await freePort();
    const settings = { ...settingsFor(totalmem()), listen_addresses: '127.0.0.1', unix_socket_directories: '' };
    const launched = await launch({
      program: postgres,
      args: ['-D', data, '-p', String(port), ...Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`])],
      account,
      readyLine: /ready to accept connections/,
      stopSignal: 'SIGINT', // without waiting for those that are connected
    });
    const url = `postgresql://${user}:${password}@127.0.0.1:${port}`;
    return {
      url,
      run: async (statement) => {
        await execute(psql, ['--no-psqlrc', '--quiet', '--set=ON_ERROR_STOP=1', `--command=${statement}`, `${url}/postgres`]);
      },
      version: versionIn(execFileSync(postgres, ['--version'], { encoding: 'utf8' })),
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

const execute = promisify(execFile);

function programs(): readonly [postgres: string, initdb: string, psql: string] {
  const versions = existsSync(debianVersions) ? newestFirst(readdirSync(debianVersions)) : [];
  const directories = versions.map((version) => join(debianVersions, version, 'bin'));
  const [postgres, initdb, psql] = ['postgres', 'initdb', 'psql'].map((name) => findProgram(name, directories));
  if (postgres !== undefined && initdb !== undefined && psql !== undefined) return [postgres, initdb, psql];
  throw new ServerMissingError('PostgreSQL is not installed');
}

export const newestFirst = (versions: readonly string[]): readonly string[] =>
  [...versions].sort((a, b) => Number(b) - Number(a));

/** Of `postgres --version`: "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)". */
export const versionIn = (text: string): string => `PostgreSQL ${/\) (\S+)/.exec(text)?.[1] ?? '(unknown version)'}`;
