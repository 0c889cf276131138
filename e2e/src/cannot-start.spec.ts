import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { freePortBase } from '@ringside/service-processes';
import { endAll, runNode } from './processes.fixture.js';

let data: string;
let portBase: number;

beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'ringside-e2e-'));
  portBase = await freePortBase();
});

afterEach(async () => {
  await endAll();
  await rm(data, { recursive: true, force: true });
});

/** Starts it, and gives the one line that it must end with. */
async function sentenceOfStart(...args: readonly string[]): Promise<string> {
  const start = runNode('tools/start/dist/main.js', ['--data', data, '--port-base', String(portBase), ...args]);
  expect(await start.exited).toBe(1);
  expect(start.output()).not.toContain('Ready.');
  const lines = start.stderr().trimEnd().split('\n');
  expect(lines).toHaveLength(1);
  return lines[0]!;
}

const listenOn = (port: number): Promise<Server> =>
  new Promise((done) => {
    const server = createServer().listen(port, '127.0.0.1', () => done(server));
  });

describe('npm start', () => {
  it('says that a port is in use', async () => {
    const squatter = await listenOn(portBase + 1);
    expect(await sentenceOfStart()).toMatch(/^Port \d+, for [a-z-]+, is in use: .* --port-base\.$/);
    squatter.close();
  });

  it("says that the directory holds somebody else's files", async () => {
    await writeFile(join(data, 'thesis.doc'), 'mine');
    expect(await sentenceOfStart()).toMatch(/^The data directory .* holds something else \("thesis.doc"\): .*a new one\.$/);
  });

  it("says that the event log's directory is not one", async () => {
    await mkdir(join(data, 'event-log'));
    await writeFile(join(data, 'event-log', 'thesis.doc'), 'mine');
    expect(await sentenceOfStart()).toMatch(/The directory .*event-log is not empty and not a Ringside data directory/);
  });

  it('says that the directory cannot be made', async () => {
    await writeFile(join(data, 'file'), '');
    expect(await sentenceOfStart('--data', join(data, 'file'))).toMatch(
      /^The data directory .*file cannot be used \(.*\): name another one\.$/,
    );
  });

  it('says what it does not understand', async () => {
    expect(await sentenceOfStart('--regions-of-the-moon')).toMatch(/unknown option '--regions-of-the-moon'/);
  });

  it.each([
    [['--regions', 'eu,mars'], /^The policy .*ring\.yaml has no region "mars": it has eu, us, ap\.$/],
    [['--regions', 'eu,eu'], /One of them is named twice/],
    [['--regions', 'eu,us', '--ring'], /cannot be used with option '--ring'/],
    [['--regions', 'eu', '--policy', 'none.yaml'], /^The policy of the ring cannot be read: ENOENT/],
    [['--regions', 'eu,us,ap', '--port-base', '65520'], /need ports up to 65549/],
  ])('says what is wrong with %j', async (options, sentence) => {
    expect(await sentenceOfStart(...options)).toMatch(sentence);
  });
});

describe('a service', () => {
  it('says that its port is in use', async () => {
    const squatter = await listenOn(portBase);
    const env = { RINGSIDE_DATA: data, RINGSIDE_PORT: String(portBase) };
    const service = runNode('apps/report-intake/dist/main.js', [], env);
    expect(await service.exited).toBe(1);
    expect(service.stderr().trimEnd()).toMatch(/^report-intake: Port \d+ on 127\.0\.0\.1 is in use: .*$/);
    squatter.close();
  });
});
