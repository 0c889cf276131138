import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { identify, isRunning, kill, signal, startDetached, startedAtInStat, stop, type ProcessIdentity } from './processes.js';

let directory: string;
let logFile: string;
const started: ProcessIdentity[] = [];

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'ringside-processes-'));
  logFile = join(directory, 'log');
});
afterAll(async () => {
  for (const process of started) await kill(process);
  rmSync(directory, { recursive: true });
});

/** A process that says `ready` once its handlers are in place. */
async function start(script: string): Promise<ProcessIdentity> {
  const word = `ready ${started.length}`;
  const args = ['-e', `${script}; setInterval(() => {}, 1000); console.log('${word}')`];
  const identity = await startDetached({ file: process.execPath, args, cwd: directory }, logFile);
  started.push(identity);
  const deadline = Date.now() + 10_000;
  while (!readFileSync(logFile, 'utf8').includes(word)) {
    if (Date.now() > deadline) throw new Error(readFileSync(logFile, 'utf8'));
    await delay(20);
  }
  return identity;
}

describe('processes', () => {
  it('that were started are known by number and start, and end when asked', async () => {
    const server = await start('');
    expect(isRunning(server)).toBe(true);
    expect(identify(server.pid)).toEqual(server);
    expect(await stop(server, 10_000)).toBe('stopped');
    expect(isRunning(server)).toBe(false);
    expect(await stop(server, 10_000)).toBe('was not running');
  });

  it('that do not listen are killed after their time, even while they are halted', async () => {
    const deaf = await start("process.on('SIGTERM', () => {})");
    signal(deaf, 'SIGSTOP');
    expect(await stop(deaf, 200)).toBe('killed');
    expect(isRunning(deaf)).toBe(false);
  });

  it('that got the number of another are left alone', async () => {
    const other = await start('');
    const earlier = { pid: other.pid, startedAt: 'long ago' };
    expect(isRunning(earlier)).toBe(false);
    expect(await stop(earlier, 0)).toBe('was not running');
    await kill(earlier);
    expect(isRunning(other)).toBe(true);
  });

  it('that have ended and were not awaited by their parent do not run', () => {
    const fields = ['1', ...Array.from({ length: 17 }, () => '0'), '4711', '99'].join(' ');
    expect(startedAtInStat(`12 (a) b) (c) S ${fields}`)).toBe('4711');
    expect(startedAtInStat(`12 (java) Z ${fields}`)).toBeNull();
  });

  it('cannot be started from a program that does not exist', async () => {
    const nothing = { file: join(directory, 'nothing'), args: [], cwd: directory };
    await expect(startDetached(nothing, logFile)).rejects.toThrow('ENOENT');
  });
});
