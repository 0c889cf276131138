import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freePortBase } from '@ringside/service-processes';
import { expectVerified, underLoad } from './load.fixture.js';
import { expectParked } from './parked.fixture.js';
import { endAll, isAlive, until } from './processes.fixture.js';
import { caseLists, runLoadgen, startRingside, type Ringside } from './ringside.fixture.js';

let data: string;
let portBase: number;
let ringside: Ringside;
let deaths: Map<string, number>;

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'ringside-e2e-'));
  portBase = await freePortBase();
  await start();
});

afterAll(async () => {
  await endAll();
  await rm(data, { recursive: true, force: true });
});

async function start(): Promise<void> {
  ringside = await startRingside(data, portBase);
  deaths = new Map();
}

describe('Ringside', () => {
  it('takes each report to the case of each team that must have it', async () => {
    await expectVerified(runLoadgen(ringside, '--reports', '400', '--rate', 'max', '--verify'));
  });

  it('takes batches', async () => {
    await expectVerified(runLoadgen(ringside, '--reports', '300', '--rate', 'max', '--batch', '60', '--verify'));
  });

  it.each(['report-intake', 'cheating-team', 'abuse-team', 'others-triage'])(
    'loses nothing and doubles nothing when %s is killed under load',
    async (name) => {
      const service = ringside.services.find((one) => one.name === name);
      if (service === undefined) return; // a team may leave the workspace
      const loadgen = await underLoad(ringside, 100, '--reports', '500', '--rate', '200');
      process.kill(ringside.pidOf(name), 'SIGKILL');
      deaths.set(name, (deaths.get(name) ?? 0) + 1);
      await ringside.untilBack(name, deaths.get(name)!);
      await expectVerified(loadgen);
    },
  );

  it('parks what is not of the contract, counts it, and goes on', async () => {
    await expectParked(ringside, data);
    await expectVerified(runLoadgen(ringside, '--reports', '200', '--rate', 'max', '--verify'));
  });

  it('goes on where it stopped', async () => {
    const before = await caseLists(ringside);
    const pids = ringside.services.map(({ name }) => ringside.pidOf(name));
    ringside.start.signal('SIGTERM');
    expect(await ringside.start.exited).toBe(0);
    expect(pids.filter(isAlive)).toEqual([]);
    await start();
    expect(await caseLists(ringside)).toEqual(before);
    await expectVerified(runLoadgen(ringside, '--reports', '100', '--rate', 'max', '--verify'));
  });

  it('leaves nothing behind when its parent is killed', async () => {
    const pids = ringside.services.map(({ name }) => ringside.pidOf(name));
    ringside.start.signal('SIGKILL');
    await until('the services stop', 20, () => (pids.some(isAlive) ? undefined : true));
  });
});
