import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

import { expect, it } from '@jest/globals';

import type { Target } from '../services.js';
import { shutdownAttack } from './shutdown.js';
import { deafReader } from './slow.js';

async function nobodyListens(): Promise<Target> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return {
    ...{ name: 'report-intake', team: undefined, port, url: '', pid: 0 },
    log: () => '',
    ended: () => 'exit code 0',
    signal: () => undefined,
  };
}

// A rejection that is awaited only later ends the process before its services are ended.
it.each([deafReader, shutdownAttack])('$name: that the service is gone is heard at once', async (attack) => {
  const gone = await nobodyListens();
  const run = attack.run({ intake: gone, team: gone, token: '', canary: '' });
  const late = pause(1_500, 'late', { ref: false });
  await expect(Promise.race([run, late])).rejects.toThrow('ECONNREFUSED');
});
