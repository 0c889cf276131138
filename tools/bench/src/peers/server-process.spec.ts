import { describe, expect, it } from '@jest/globals';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { dataDirectory, findProgram, freePort, launch, type Launch } from './server-process.js';

const server = (script: string): Launch => ({
  program: process.execPath,
  args: ['-e', script],
  readyLine: /ready to accept/,
  stopSignal: 'SIGINT',
});

const runs = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('launch', () => {
  it('resolves when the server says that it is ready, and stops it by its own signal', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'ringside-launch-'));
    const file = join(directory, 'ended-in-order');
    const onStop = `process.on('SIGINT', () => { require('node:fs').writeFileSync(${JSON.stringify(file)}, ''); process.exit(0); })`;
    const launched = await launch(
      server(`${onStop}; setInterval(() => 0, 1000); console.error('starting'); console.log('ready to accept')`),
    );
    expect(runs(launched.pid)).toBe(true);
    await launched.stop();
    expect([runs(launched.pid), existsSync(file)]).toEqual([false, true]);
    rmSync(directory, { recursive: true });
  });

  it('says what a server said that ends instead', async () => {
    const failing = launch(server(`console.error('FATAL: the port is taken'); process.exit(3)`));
    await expect(failing).rejects.toThrow(/ended \(3\).*the port is taken/);
  });

  it('says so where there is no such program', async () => {
    await expect(launch({ ...server(''), program: '/there/is/none' })).rejects.toThrow(/ENOENT/);
  });
});

describe('findProgram', () => {
  it('takes the first directory that has it, before PATH', () => {
    const [empty, full] = [0, 1].map(() => mkdtempSync(join(tmpdir(), 'ringside-programs-')));
    writeFileSync(join(full!, 'node'), '');
    expect(findProgram('node', [empty!, full!])).toBe(join(full!, 'node'));
    expect(findProgram('no-such-program-of-ringside', [empty!])).toBeUndefined();
    for (const directory of [empty!, full!]) rmSync(directory, { recursive: true });
  });
});

describe('what a server needs', () => {
  it('is a port that can be listened on', async () => {
    const listener = createServer();
    const port = await freePort();
    await new Promise<void>((resolve) => listener.listen(port, '127.0.0.1', resolve));
    expect((listener.address() as AddressInfo).port).toBe(port);
    await new Promise((resolve) => listener.close(resolve));
  });

  it('is a directory that is gone afterwards', () => {
    const directory = dataDirectory('spec', undefined);
    writeFileSync(join(directory.path, 'data'), '');
    directory.remove();
    expect(existsSync(directory.path)).toBe(false);
  });
});
