import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { naturalId } from '@ringside/core';
import { freePortBase } from '@ringside/service-processes';
import { forgetEvent } from './forget-event.fixture.js';
import { idsOn, lyingIn } from './lying-in-regions.fixture.js';
import { endAll } from './processes.fixture.js';
import { portsOf, post, request, startRegions, type Region, type Regions } from './regions.fixture.js';

const names = ['eu', 'us'];
const game = 'stormfall';

let data: string;
let portBase: number;
let regions: Regions;

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'ringside-e2e-'));
  portBase = await freePortBase(portsOf(names));
  await start();
}, 300_000);

afterAll(async () => {
  await endAll();
  await rm(data, { recursive: true, force: true });
}, 60_000);

/** Nothing is on its way for long here, and nothing is repaired before somebody asks for it. */
const env = { RINGSIDE_RING_COMPARE_MS: '0', RINGSIDE_RING_SETTLE_MS: '0', RINGSIDE_RING_REPAIR: 'manual' };

const start = async (): Promise<void> => void (regions = await startRegions(names, { data, portBase, env }));

async function fileIn(region: Region, subjectId: string): Promise<string> {
  const report = { game, reporterId: 'reporter', subjectId, reason: 'aimbot' };
  const { status, body } = await post<{ reportId: string }>(`${region.urlOf('report-intake')}/v1/reports`, '', report);
  expect(status).toBe(202);
  return body.reportId;
}

async function reportCountIn(region: Region, subjectId: string): Promise<number> {
  const token = await regions.tokenOf({ sub: 'robin', roles: ['read_only'] });
  const url = `${region.urlOf('cheating-team')}/v1/cases/${naturalId('case', 'cheating', game, subjectId)}`;
  const { status, body } = await request<{ reportCount: number }>(url, token);
  return status === 404 ? 0 : body.reportCount;
}

interface RepairedTopic {
  readonly topic: string;
  readonly equal: boolean;
  readonly missingHere: number;
  readonly missingThere: number;
  readonly restored: number;
}

/** What a region found of the reports when it was asked to repair, by peer. */
async function repairIn(region: Region): Promise<readonly Omit<RepairedTopic, 'topic'>[]> {
  const token = await regions.tokenOf({ sub: 'pat', roles: ['platform'] });
  const url = `${region.urlOf('platform')}/v1/ring/repair`;
  const { body } = await post<{ peers: { problem: string | null; topics: RepairedTopic[] }[] }>(url, token, {
    topic: 'reports',
  });
  expect(body.peers.map(({ problem }) => problem)).toEqual([null]);
  return body.peers.flatMap(({ topics }) =>
    topics.map(({ equal, missingHere, missingThere, restored }) => ({ equal, missingHere, missingThere, restored })),
  );
}

const equal = { equal: true, missingHere: 0, missingThere: 0, restored: 0 };

describe('a region that lacks an event', () => {
  it('that replication has dropped gets it from the region that has it, and its views as well', async () => {
    const [eu, us] = [regions.region('eu'), regions.region('us')];
    await fileIn(eu, 'eu-anna');
    await regions.settle();
    await regions.changeLink('eu', 'us', { state: 'cut' });
    await fileIn(eu, 'eu-anna');
    await eu.log.resetCursor('reports', 'replicator-to-us', { at: 'latest' });
    await regions.changeLink('eu', 'us', { state: 'healed' });
    await fileIn(eu, 'eu-anna');
    await regions.settle();
    expect([await reportCountIn(eu, 'eu-anna'), await reportCountIn(us, 'eu-anna')]).toEqual([3, 2]);

    expect(await repairIn(eu)).toEqual([{ equal: false, missingHere: 0, missingThere: 1, restored: 0 }]);
    expect(await repairIn(us)).toEqual([{ equal: false, missingHere: 1, missingThere: 0, restored: 1 }]);
    await regions.settle();
    expect(await reportCountIn(us, 'eu-anna')).toBe(3);
    for (const region of regions.all) expect(await repairIn(region)).toEqual([equal]);
  });

  it('that was taken out of its log by hand gets it back, and counts it once', async () => {
    const ids: string[] = [];
    // Of one player, so in one partition.
    for (let i = 0; i < 5; i++) ids.push(await fileIn(regions.region('eu'), 'us-carl'));
    await regions.settle();
    await regions.stop();
    await forgetEvent(join(data, 'us'), 'reports', ids[2]!);
    // What the platform service knows of the log was read from it, and is read anew.
    await rm(join(data, 'us', 'views', 'platform'), { recursive: true });
    await start();
    await regions.settle();
    const us = regions.region('us');
    expect(idsOn('reports', await lyingIn(us.log))).not.toContain(ids[2]);

    expect(await repairIn(us)).toEqual([{ equal: false, missingHere: 1, missingThere: 0, restored: 1 }]);
    await regions.settle();
    const [there, here] = await Promise.all(regions.all.map(async ({ log }) => idsOn('reports', await lyingIn(log))));
    expect(here).toEqual(there);
    expect(here).toContain(ids[2]);
    expect(await reportCountIn(us, 'us-carl')).toBe(ids.length);
    for (const region of regions.all) expect(await repairIn(region)).toEqual([equal]);
  }, 300_000);
});
