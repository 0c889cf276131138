import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { openTestRing, until, type TestRing } from '@ringside/testing';

import { platformService } from './index.js';

let ring: TestRing;
beforeAll(async () => {
  ring = await openTestRing([platformService]);
  await until('it is ready', async () => (await ring.request('platform', '/health/ready')).status === 200);
});
afterAll(() => ring.close());

it.each([
  ['/v1/ring', 200, { region: 'local', policy: null, regions: [{ region: 'local', servedBy: 'local', term: 0 }], zones: [] }],
  ['/v1/ring/terms', 200, { items: [{ home: 'local', servedBy: 'local', term: 0 }] }],
  ['/v1/ring/convergence', 200, { region: 'local', held: [], peers: [] }],
  ['/v1/subscriptions', 200, { items: [{ topic: 'ring', subscription: 'platform', lagSecondsMax: null }] }],
  ['/v1/ring/audit', 409, { detail: expect.stringContaining('RINGSIDE_RING names no policy') }],
  ['/v1/ring/map', 409, {}],
  ['/v1/ring/where?what=cases', 409, {}],
  ['/v1/ring/digests?topic=reports', 404, {}],
])('without a ring around it, the service answers on %s with %i', async (path, status, body) => {
  expect(await ring.request('platform', path)).toMatchObject({ status, body });
});

it('without a ring around it, a repair has nothing to do', async () => {
  const init = { method: 'POST', body: JSON.stringify({ verify: true }), headers: { 'content-type': 'application/json' } };
  expect(await ring.request('platform', '/v1/ring/repair', init)).toMatchObject({
    status: 200,
    body: { verified: [], peers: [] },
  });
});
