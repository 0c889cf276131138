import { basename, dirname } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { readRing } from '@ringside/ring-tool';
import { freePortBase } from '@ringside/service-processes';
import { endAll, isAlive } from './processes.fixture.js';
import { readinessOf } from './ring.fixture.js';
import { runLoadgen, startRingside } from './ringside.fixture.js';

afterAll(endAll, 60_000);

describe('npm start -- --ring', () => {
  it('runs the services on the servers that run already, and leaves those running', async () => {
    const directory = process.env['RINGSIDE_TEST_RING']!;
    expect(basename(directory)).toBe('ring'); // where it looks for one in its data directory
    const serversOf = () => readRing(directory).regions.flatMap(({ servers }) => servers.map(({ pid }) => pid));
    const before = serversOf();
    const ringside = await startRingside(dirname(directory), await freePortBase(), {}, ['--ring']);
    for (const { url } of ringside.services) {
      expect(await readinessOf(url)).toMatchObject({
        status: 'ok',
        eventLog: { driver: 'pulsar (WebSocket)' },
        viewStore: { driver: 'cql' },
      });
    }
    const loadgen = runLoadgen(ringside, '--reports', '50', '--rate', 'max', '--verify');
    expect([await loadgen.exited, loadgen.stderr()]).toEqual([0, '']);
    const pids = ringside.services.map(({ name }) => ringside.pidOf(name));
    ringside.start.signal('SIGINT');
    expect(await ringside.start.exited).toBe(0);
    expect(pids.filter(isAlive)).toEqual([]);
    expect(serversOf()).toEqual(before);
    expect(before).toEqual([expect.any(Number), expect.any(Number)]);
  }, 180_000);
});
