import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openServiceLog, type ServiceLog } from './service-log.js';
import { Supervisor, type SupervisionEvent } from './supervisor.js';

const policy = { deathsMax: 3, backoffMsMin: 10, backoffMsMax: 20 };
let directory: string;
let supervisor: Supervisor;
let log: ServiceLog;
let events: SupervisionEvent[];
let printed: string[];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'ringside-start-'));
  events = [];
  printed = [];
});

afterEach(async () => {
  await supervisor.stop();
  await log.close();
  await rm(directory, { recursive: true, force: true });
});

/** A service that listens, and runs this code first. */
async function supervise(code = ''): Promise<void> {
  const main = join(directory, 'main.mjs');
  await writeFile(
    main,
    `import { createServer } from 'node:http';
     ${code}
     createServer((_, response) => response.end('{}')).listen(Number(process.env.PORT), '127.0.0.1');
     process.on('SIGTERM', () => process.exit(0));`,
  );
  const port = await freePort();
  log = openServiceLog({
    name: 'team',
    file: join(directory, 'team.log'),
    verbose: false,
    print: (line) => printed.push(line),
  });
  const service = { name: 'team', main, portOffset: 0 };
  const env = { ...process.env, PORT: String(port) };
  supervisor = new Supervisor({ service, url: `http://127.0.0.1:${port}`, env, log }, (event) => events.push(event), policy);
}

const freePort = (): Promise<number> =>
  new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => done(port));
    });
  });

async function untilEvent(kind: SupervisionEvent['kind'], count: number): Promise<void> {
  const giveUpAt = performance.now() + 15_000;
  while (events.filter((event) => event.kind === kind).length < count) {
    if (performance.now() > giveUpAt) throw new Error(`No ${kind}: ${JSON.stringify(events)}`);
    await pause(10);
  }
}

describe('Supervisor', () => {
  it('is there when the service is ready', async () => {
    await supervise();
    await supervisor.start();
    expect(process.kill(supervisor.pid!, 0)).toBe(true);
  });

  it('starts a service that died again', async () => {
    await supervise();
    await supervisor.start();
    const first = supervisor.pid!;
    process.kill(first, 'SIGKILL');
    await untilEvent('back', 1);
    expect(events).toEqual([
      { kind: 'died', how: 'SIGKILL', againInMs: 10 },
      { kind: 'back', pid: supervisor.pid, afterMs: expect.any(Number) },
    ]);
    expect(supervisor.pid).not.toBe(first);
  });

  it('gives up a service that dies again and again', async () => {
    await supervise(`setTimeout(() => process.exit(7), 300);`);
    await supervisor.start();
    await untilEvent('given-up', 1);
    expect(events.filter(({ kind }) => kind === 'died').map((event) => 'againInMs' in event && event.againInMs)).toEqual([
      10, 20,
    ]);
    expect(events.at(-1)).toEqual({ kind: 'given-up', how: 'exit code 7', deaths: 3 });
  });

  it('tells what a service that does not start has said', async () => {
    await supervise(`console.error('team: Port 1 is in use.'); process.exit(1);`);
    await expect(supervisor.start()).rejects.toThrow('team: Port 1 is in use.');
    expect(events).toEqual([]);
    expect(printed).toEqual([]);
  });

  it('does not start a service again that is to stop', async () => {
    await supervise();
    await supervisor.start();
    const pid = supervisor.pid!;
    await supervisor.stop();
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    expect(events).toEqual([]);
  });
});
