import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { isoTime } from '@ringside/core';
import type { RingsideEvent } from '@ringside/events';
import { aReport, until } from '@ringside/testing';

import { startPlatformRing, type PlatformRing } from '../platform-ring.fixture.js';

let ring: PlatformRing | undefined;
afterEach(async () => {
  await ring?.close();
  ring = undefined;
});

const report = (i: number): RingsideEvent => {
  const filedAt = isoTime(Date.UTC(2026, 0, 31) + i);
  return { ...aReport({ subjectId: 'eu-1', subjectHomeRegion: 'eu', filedAt }), region: 'eu' };
};

interface State {
  readonly peers: readonly {
    readonly problem: string | null;
    readonly topics: readonly {
      readonly topic: string;
      readonly missingHere: number;
      readonly onTheirWay: number;
      readonly equal: boolean;
    }[];
  }[];
}

const reportsAt = async (at: PlatformRing, region: string) =>
  (await at.region(region).ask<State>('/v1/ring/convergence')).body.peers[0]!.topics.find(({ topic }) => topic === 'reports');

describe('by itself', () => {
  it('a region fetches what it lacks once that is on its way no longer', async () => {
    ring = await startPlatformRing({ names: ['eu', 'us'], config: { ringCompareMs: 50, ringSettleMs: 0 } });
    const event = report(1);
    await ring.region('us').hold(event);
    await until('it is fetched', async () => (await ring!.region('eu').ids('reports')).includes(event.id));
  });

  it('it fetches nothing that may be on its way: that is no difference', async () => {
    ring = await startPlatformRing({ names: ['eu', 'us'], config: { ringCompareMs: 50, ringSettleMs: 3_600_000 } });
    await ring.region('us').hold(report(1));
    await until('it is seen', async () => (await reportsAt(ring!, 'eu'))?.onTheirWay === 1);
    expect(await reportsAt(ring, 'eu')).toMatchObject({ equal: true, missingHere: 0 });
    expect(await ring.region('eu').ids('reports')).toEqual([]);
  });

  it('it only says what is missing where repair is manual, and fetches it when somebody asks', async () => {
    ring = await startPlatformRing({ names: ['eu', 'us'], config: { ringCompareMs: 50, ringRepair: 'manual' } });
    const event = report(1);
    await ring.region('us').hold(event);
    await until('it is seen', async () => (await reportsAt(ring!, 'eu'))?.missingHere === 1);
    expect(await ring.region('eu').ids('reports')).toEqual([]);
    await ring.region('eu').ask('/v1/ring/repair', { method: 'POST', body: { peer: 'us' } });
    expect(await ring.region('eu').ids('reports')).toEqual([event.id]);
  });
});

it('what the views have not read yet is not missing: it is in the log, and is fetched from nobody', async () => {
  ring = await startPlatformRing({ names: ['eu', 'us'] });
  const [eu, us] = [ring.region('eu'), ring.region('us')];
  const events = Array.from({ length: 20 }, (_, i) => report(i));
  await ring.settle();
  eu.holdUp(true);
  await eu.hold(...events);
  await us.hold(...events, report(20));
  await until('us has taken it in', async () =>
    (await us.log.backlog('reports', 'platform')).every((one) => one.backlog === 0),
  );
  const repair = async () =>
    (await eu.ask<{ peers: readonly object[] }>('/v1/ring/repair', { method: 'POST', body: { topic: 'reports' } })).body
      .peers[0];
  expect(await repair()).toMatchObject({ problem: null, catchingUp: ['reports'], topics: [] });
  expect(await eu.ids('reports')).toHaveLength(20);
  eu.holdUp(false);
  await ring.settle();
  expect(await repair()).toMatchObject({ catchingUp: [], topics: [{ missingHere: 1, restored: 1 }] });
  expect(await eu.ids('reports')).toHaveLength(21);
});

describe('a peer', () => {
  it('that hangs keeps nobody from repairing with the others', async () => {
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const hanging = { region: 'ap', url: `http://127.0.0.1:${(silent.address() as AddressInfo).port}` };
    try {
      ring = await startPlatformRing({ names: ['eu', 'us'], peersOf: (_region, usual) => [hanging, ...usual] });
      const event = report(1);
      await ring.region('us').hold(event);
      await ring.settle();
      let isAnswered = false;
      const answer = ring.region('eu').ask<State>('/v1/ring/repair', { method: 'POST', body: {} });
      void answer.then(() => (isAnswered = true));
      await until('it is fetched', async () => (await ring!.region('eu').ids('reports')).includes(event.id));
      expect(isAnswered).toBe(false);
      expect((await answer).body.peers.map(({ problem }) => problem)).toEqual([
        expect.stringContaining('no answer within'),
        null,
      ]);
    } finally {
      silent.closeAllConnections();
      silent.close();
    }
  }, 60_000);

  it('that does not answer for one topic is asked for the others', async () => {
    const us = createServer((request, response) => {
      const topic = new URL(request.url!, 'http://us').searchParams.get('topic');
      if (topic === 'sanctions') return void response.writeHead(500).end();
      response.writeHead(200).end(JSON.stringify({ region: 'us', topic, items: [] }));
    });
    await new Promise<void>((resolve) => us.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(us.address() as AddressInfo).port}`;
    try {
      ring = await startPlatformRing({ names: ['eu'], peersOf: () => [{ region: 'us', url }] });
      await ring.settle();
      const { body } = await ring.region('eu').ask<State>('/v1/ring/repair', { method: 'POST', body: {} });
      expect(body.peers[0]!.problem).toBe('It answers with status 500.');
      expect(body.peers[0]!.topics.map(({ topic }) => topic)).toEqual(['reports', 'reporters', 'ring', 'cases.eu', 'cases.us']);
    } finally {
      us.closeAllConnections();
      us.close();
    }
  });

  it('that does not answer keeps nobody from comparing with the others', async () => {
    const away = { region: 'ap', url: 'http://127.0.0.1:1' };
    ring = await startPlatformRing({ names: ['eu', 'us'], peersOf: (_region, usual) => [away, ...usual] });
    const event = report(1);
    await ring.region('us').hold(event);
    await ring.settle();
    const { body } = await ring.region('eu').ask<State>('/v1/ring/repair', { method: 'POST', body: {} });
    expect(body.peers.map(({ problem }) => problem)).toEqual([expect.stringContaining('cannot be reached'), null]);
    expect(await ring.region('eu').ids('reports')).toEqual([event.id]);
  });

  it('is one of the ring: another one keeps the service from starting', async () => {
    const stranger = { region: 'mars', url: 'http://127.0.0.1:1' };
    await expect(startPlatformRing({ names: ['eu'], peersOf: () => [stranger] })).rejects.toThrow(
      'RINGSIDE_RING_PEERS names mars; the other regions of the ring are: us, ap.',
    );
  });

  it('that is asked for is one that is known', async () => {
    ring = await startPlatformRing({ names: ['eu', 'us'] });
    const body = { peer: 'ap', topic: 'report-evidence' };
    expect(await ring.region('eu').ask('/v1/ring/repair', { method: 'POST', body })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/peer' }, { pointer: '/topic' }] },
    });
  });
});
