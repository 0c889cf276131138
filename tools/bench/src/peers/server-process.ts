import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, chownSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** Where Debian's packages are not installed, the rows that need them are skipped with this. */
export class ServerMissingError extends Error {}

/** A server beside a peer, for the time of one row. */
export interface PeerServer {
  readonly url: string;
  /** As in "PostgreSQL 15.18". */
  readonly version: string;
  readonly pid: number;
  /** Ends it, and removes its data. */
  stop(): Promise<void>;
}

export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** The first of these programs that is there: in the directories given, then in PATH. */
export function findProgram(name: string, directories: readonly string[] = []): string | undefined {
  const places = [...directories, ...(process.env['PATH'] ?? '').split(delimiter)];
  return places.map((place) => join(place, name)).find((file) => existsSync(file));
}

/** Whom a server runs as that refuses root: undefined where we are not root. */
export function unprivileged(names: readonly string[]): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const accounts = accountsIn(readFileSync('/etc/passwd', 'utf8'));
  const account = names.map((name) => accounts.get(name)).find((found) => found !== undefined);
  if (account === undefined) throw new ServerMissingError(`none of the accounts ${names.join(', ')} is there to run it as`);
  return account;
}

/** Of /etc/passwd. */
export const accountsIn = (passwd: string): ReadonlyMap<string, Account> =>
  new Map(
    passwd
      .split('\n')
      .map((line) => line.split(':'))
      .filter((fields) => fields.length >= 4)
      .map(([name, , uid, gid]) => [name!, { uid: Number(uid), gid: Number(gid) }]),
  );

/** A directory for a server's data, which is its account's own and removed in the end. */
export function dataDirectory(name: string, account: Account | undefined): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), `ringside-bench-${name}-`));
  if (account !== undefined) chownSync(path, account.uid, account.gid);
  const remove = (): void => rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  process.once('exit', remove);
  return {
    path,
    remove: () => {
      process.off('exit', remove);
      remove();
    },
  };
}

/** A port of the loopback that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export interface Launch {
  readonly program: string;
  readonly args: readonly string[];
  readonly account?: Account | undefined;
  /** What it says when it takes connections. */
  readonly readyLine: RegExp;
  /** Ends it in order. */
  readonly stopSignal: NodeJS.Signals;
}

export interface Launched {
  readonly pid: number;
  stop(): Promise<void>;
}

const startMsMax = 30_000;
const stopMsMax = 30_000;

/** Starts a server in the foreground, and resolves when it takes connections. It ends with this process whatever happens. */
export async function launch({ program, args, account, readyLine, stopSignal }: Launch): Promise<Launched> {
  const child = spawn(program, args, { ...account, cwd: '/', env: { LC_ALL: 'C' }, stdio: ['ignore', 'pipe', 'pipe'] });
  // A signal that cannot be caught would leave the server's own processes behind. Before its directory goes.
  const end = (): void => void child.kill('SIGQUIT');
  process.prependOnceListener('exit', end);
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  void ended.then(() => process.off('exit', end));
  await ready(child, readyLine);
  const stop = async (): Promise<void> => {
    child.kill(stopSignal);
    const late = setTimeout(() => child.kill('SIGKILL'), stopMsMax);
    await ended;
    clearTimeout(late);
  };
  return { pid: child.pid!, stop };
}

function ready(child: ChildProcess, readyLine: RegExp): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    const late = setTimeout(() => fail('does not start'), startMsMax);
    const fail = (why: string): void => {
      clearTimeout(late);
      child.kill('SIGKILL');
      reject(new Error(`${child.spawnfile} ${why}: ${said.trim().split('\n').slice(-5).join(' | ')}`));
    };
    const hear = (bytes: Buffer): void => {
      said = (said + bytes.toString()).slice(-10_000);
      if (!readyLine.test(said)) return;
      clearTimeout(late);
      resolve();
    };
    child.stdout!.on('data', hear);
    child.stderr!.on('data', hear);
    child.once('error', (error) => fail(error.message));
    child.once('exit', (code, signal) => fail(`ended (${signal ?? code})`));
  });
}
