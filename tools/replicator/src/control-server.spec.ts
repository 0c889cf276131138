import { createServer, type AddressInfo } from 'node:net';
import { request as rawRequest } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { serveControl, type ControlServer } from './control-server.js';
import { openReplicator, type LinkStatus, type Replicator } from './index.js';
import { openLogs, policy, reportIn, until, type Logs } from './ring.fixture.js';

let ring: Logs;
let replicator: Replicator;
let server: ControlServer;
let port: number;

beforeEach(async () => {
  ring = await openLogs('eu', 'us');
  replicator = openReplicator({ policy, logs: ring.logs });
  port = await freePort();
  server = await serveControl(replicator, port);
});
afterEach(async () => {
  await server.close();
  await replicator.close();
  await ring.close();
});

const freePort = (): Promise<number> =>
  new Promise((done) => {
    const listening = createServer().listen(0, '127.0.0.1', () => {
      const address = listening.address() as AddressInfo;
      listening.close(() => done(address.port));
    });
  });

async function post(path: string, body: string, type = 'application/json'): Promise<{ status: number; body: LinkStatus }> {
  const headers = { 'content-type': type };
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', headers, body });
  return { status: response.status, body: (await response.json()) as LinkStatus };
}

const get = (path: string): Promise<Response> => fetch(`http://127.0.0.1:${port}${path}`);

describe('the control API', () => {
  it('shows, cuts, heals and delays links', async () => {
    expect((await post('/links/eu/us', '{"state":"cut","delayMs":200}')).body).toMatchObject({ state: 'cut', delayMs: 200 });
    const { links } = (await (await get('/links')).json()) as { links: LinkStatus[] };
    expect(links.map(({ from, to, state }) => [from, to, state])).toEqual([
      ['eu', 'us', 'cut'],
      ['us', 'eu', 'up'],
    ]);
    expect((await post('/links/eu/us', '{"state":"healed"}')).body).toMatchObject({ state: 'up', delayMs: 200 });
  });

  it('has its figures for Prometheus', async () => {
    await ring.logs['eu']!.createTopic('reports', { partitions: 8 });
    await ring.logs['eu']!.append([reportIn('eu'), { ...reportIn('eu'), bytes: Buffer.from('{}') }]);
    await until('both are dealt with', () => replicator.caughtUp());
    const lines = (await (await get('/metrics')).text()).split('\n');
    expect(lines).toEqual(
      expect.arrayContaining([
        'ringside_replicator_records_total{from="eu",to="us",outcome="copied"} 1',
        'ringside_replicator_records_total{from="eu",to="us",outcome="refused"} 1',
        'ringside_replicator_backlog_records{from="eu",to="us"} 0',
        'ringside_replicator_link_up{from="us",to="eu"} 1',
      ]),
    );
  });

  it.each([
    ['/links/eu/mars', '{"state":"cut"}', 404],
    ['/links/eu/us', '{"state":"gone"}', 400],
    ['/links/eu/us', '{"delayMs":-1}', 400],
    ['/links/eu/us', '{"delayMs":"80"}', 400],
    ['/links/eu/us', '{"status":"cut"}', 400],
    ['/links/eu/us', '{}', 400],
    ['/links/eu/us', 'null', 400],
    ['/links/eu/us', 'cut', 400],
    ['/links/eu/us', `{"state":"cut"}${' '.repeat(2_000)}`, 400],
    ['/links', '{"state":"cut"}', 404],
  ])('refuses POST %s %s', async (path, body, status) => {
    expect((await post(path, body)).status).toBe(status);
    expect(replicator.link('eu', 'us').state).toBe('up');
  });

  it('takes nothing from the pages of a browser', async () => {
    expect((await post('/links/eu/us', '{"state":"cut"}', 'text/plain')).status).toBe(415);
    const status = await new Promise((done) => {
      const options = { port, host: '127.0.0.1', path: '/links', headers: { host: 'evil.example' } };
      rawRequest(options, (response) => done(response.resume().statusCode)).end();
    });
    expect(status).toBe(421);
    expect(replicator.link('eu', 'us').state).toBe('up');
  });

  it('says that its port is in use', async () => {
    await expect(serveControl(replicator, port)).rejects.toThrow(/cannot be used/);
  });
});
