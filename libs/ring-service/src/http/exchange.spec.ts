import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { uuidv7 } from '@ringside/core';

import { peerToken, startPlatformRing, type PlatformRegion, type PlatformRing } from '../platform-ring.fixture.js';

let ring: PlatformRing;
let [eu, us]: PlatformRegion[] = [];
beforeAll(async () => {
  ring = await startPlatformRing({ names: ['eu', 'us'] });
  [eu, us] = [ring.region('eu'), ring.region('us')];
  await ring.settle();
});
afterAll(() => ring.close());

const bucket = encodeURIComponent('2026-01-31T12/7');
const exchange = (topic: string): readonly string[] => [
  `/v1/ring/digests?topic=${topic}`,
  `/v1/ring/digests?topic=${topic}&day=2026-01-31`,
  `/v1/ring/holdings?topic=${topic}&bucket=${bucket}`,
  `/v1/ring/records?topic=${topic}&bucket=${bucket}&ids=${uuidv7()}`,
];
const statusOf = async (region: PlatformRegion, path: string, token: string, method = 'GET'): Promise<number> =>
  (await region.ask(path, { method, token, ...(method === 'POST' && { body: {} }) })).status;

describe('a region that asks', () => {
  it('is told of the topics that it shares, and of no other', async () => {
    const ofAp = await peerToken('ap', 'us');
    for (const path of [...exchange('reports'), ...exchange('cases.ap')]) {
      expect([path, await statusOf(us!, path, ofAp)]).toEqual([path, 200]);
    }
    // The policy lets what the cases of eu hold go to us, and us has it; ap gets it from neither.
    for (const path of [...exchange('cases.eu'), ...exchange('cases.us'), ...exchange('report-evidence')]) {
      expect([path, await statusOf(us!, path, ofAp)]).toEqual([path, 404]);
    }
    expect(await statusOf(us!, exchange('cases.eu')[0]!, await peerToken('eu', 'us'))).toBe(200);
  });

  it('cannot show what was shown to it to another region, nor to whom it got it from', async () => {
    const [path] = exchange('reports');
    expect(await statusOf(eu!, path!, await peerToken('us', 'ap'))).toBe(401);
    expect(await statusOf(us!, path!, await peerToken('us', 'ap'))).toBe(401);
  });

  it('changes nothing, and sees nothing of the ring but what it shares', async () => {
    const ofUs = await peerToken('us', 'eu');
    for (const path of ['', '/audit', '/runs', '/terms', '/convergence', '/map', '/where?what=cases']) {
      expect([path, await statusOf(eu!, `/v1/ring${path}`, ofUs)]).toEqual([path, 403]);
    }
    for (const path of ['/plan', '/apply', '/repair', '/promotions']) {
      expect([path, await statusOf(eu!, `/v1/ring${path}`, ofUs, 'POST')]).toEqual([path, 403]);
    }
  });

  it('is one of the ring, and another one than this', async () => {
    const [path] = exchange('reports');
    expect(await statusOf(eu!, path!, await peerToken('mars', 'eu'))).toBe(404);
    expect(await statusOf(eu!, path!, await peerToken('eu', 'eu'))).toBe(404);
  });
});

it('the Platform team sees digests; what events say is for regions alone', async () => {
  const [days, , holdings, records] = exchange('reports');
  expect((await eu!.ask(days!)).status).toBe(200);
  expect((await eu!.ask(holdings!)).status).toBe(200);
  expect((await eu!.ask(records!)).status).toBe(403);
});
