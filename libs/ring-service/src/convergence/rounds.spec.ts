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

describe('a peer', () => {
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
