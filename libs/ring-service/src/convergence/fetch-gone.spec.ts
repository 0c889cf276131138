import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from '@jest/globals';
import { isoTime } from '@ringside/core';
import { decodeEvent, type RingOperated, type RingsideEvent } from '@ringside/events';
import { aReport } from '@ringside/testing';

import { startPlatformRing, type PlatformRegion, type PlatformRing } from '../platform-ring.fixture.js';

let ring: PlatformRing | undefined;
let between: Server | undefined;
afterEach(async () => {
  await ring?.close();
  between?.closeAllConnections();
  between?.close();
});

/** One in each bucket. Made first: ids are never older than one that there is. */
const events = Array.from({ length: 5 }, (_, hour): RingsideEvent => {
  const filedAt = isoTime(Date.UTC(2026, 0, 31, hour));
  return { ...aReport({ subjectId: 'eu-1', subjectHomeRegion: 'eu', filedAt }), region: 'eu' };
});

/** Stands before a peer, and lets it answer only so many requests for records. */
async function breakingOff(of: () => string, recordsMax: number): Promise<string> {
  let asked = 0;
  between = createServer((request, response) => {
    if (request.url!.startsWith('/v1/ring/records') && ++asked > recordsMax) return void request.socket.destroy();
    const { authorization = '' } = request.headers;
    void fetch(of() + request.url!, { headers: { authorization } })
      .then(async (answer) => response.writeHead(answer.status).end(await answer.text()))
      .catch(() => request.socket.destroy());
  });
  await new Promise<void>((resolve) => between!.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(between.address() as AddressInfo).port}`;
}

async function operationsOf({ log }: PlatformRegion): Promise<readonly RingOperated['data'][]> {
  const found: RingOperated['data'][] = [];
  for (const { partition } of await log.heads('ring')) {
    for await (const { bytes } of log.read({ topic: 'ring', partition })) {
      const read = decodeEvent(bytes);
      if (read.ok) found.push((read.value as RingOperated).data);
    }
  }
  return found;
}

it('what is gone is fetched from the next peer where one breaks off, each event once, and all of it is on the record', async () => {
  let urlOfUs = '';
  const url = await breakingOff(() => urlOfUs, 2);
  ring = await startPlatformRing({
    peersOf: (region, usual) =>
      region !== 'eu' ? usual : usual.map((peer) => (peer.region === 'us' ? ((urlOfUs = peer.url), { ...peer, url }) : peer)),
  });
  const eu = ring.region('eu');
  for (const region of ['eu', 'us', 'ap']) await ring.region(region).hold(...events);
  await ring.settle();
  for (const { id } of events) await eu.remove('reports', id);
  const body = { verify: true, topic: 'reports', peer: 'ap' };
  const answer = await eu.ask<{ verified: readonly object[] }>('/v1/ring/repair', { method: 'POST', body });
  expect(answer.body.verified).toMatchObject([{ gone: 5, restored: 5 }]);
  expect(await eu.ids('reports')).toEqual(events.map(({ id }) => id).sort());
  expect((await operationsOf(eu)).map(({ detail }) => detail)).toEqual([
    '2 events fetched from us, 0 not taken.',
    '3 events fetched from ap, 0 not taken.',
  ]);
});
