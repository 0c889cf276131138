import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { StartupError } from '@ringside/core';
import { identify } from '@ringside/ring-tool';
import { lockDirectory } from './lock-directory.js';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'start-lock-'));
});

afterEach(() => rm(directory, { recursive: true, force: true }));

const leave = (holder: unknown): Promise<void> => writeFile(join(directory, 'start.lock'), JSON.stringify(holder));

describe('A data directory', () => {
  it('is for one start at a time, which is named', async () => {
    const release = await lockDirectory(directory);
    const second = lockDirectory(directory);
    await expect(second).rejects.toThrow(StartupError);
    await expect(second).rejects.toThrow(`${directory} is in use: an npm start runs on it (process ${process.pid})`);
    await release();
    expect(await readdir(directory)).toEqual([]);
    await (
      await lockDirectory(directory)
    )();
  });

  it('is refused while another process has it, and taken over once that one is killed', async () => {
    const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    try {
      await once(other, 'spawn');
      await leave(identify(other.pid!));
      await expect(lockDirectory(directory)).rejects.toThrow(`process ${other.pid}`);
    } finally {
      other.kill('SIGKILL');
      await once(other, 'exit');
    }
    const release = await lockDirectory(directory);
    await expect(lockDirectory(directory)).rejects.toThrow(`process ${process.pid}`);
    await release();
  });

  it('is taken over where a later process was given the number of the one that has died', async () => {
    await leave({ pid: process.pid, startedAt: 'long ago' });
    await (
      await lockDirectory(directory)
    )();
    expect(await readdir(directory)).toEqual([]);
  });
});
