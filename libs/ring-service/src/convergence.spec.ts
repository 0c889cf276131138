import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { hashOf } from './holdings/digest.js';
import { bucketOf } from './holdings/holdings.js';
import { aReport } from '@ringside/testing';
import { isoTime } from '@ringside/core';
import { encodeEvent, type RingsideEvent } from '@ringside/events';

import { startPlatformRing, type PlatformRegion, type PlatformRing } from './platform-ring.fixture.js';

interface Topic {
  readonly topic: string;
  readonly equal: boolean;
  readonly differingBuckets: number;
  readonly missingHere: number;
  readonly missingThere: number;
  readonly conflictCount: number;
  readonly conflicts: readonly { readonly id: string }[];
  readonly restored?: number;
  readonly notSent?: number;
}
interface Convergence {
  readonly held: readonly {
    readonly topic: string;
    readonly events: number;
    readonly doubled: number;
    readonly conflicting: number;
  }[];
  readonly peers: readonly {
    readonly peer: string;
    readonly problem: string | null;
    readonly topics: readonly Topic[];
    readonly restored: number;
  }[];
}

let ring: PlatformRing;
let [eu, us, ap]: PlatformRegion[] = [];
beforeEach(async () => {
  ring = await startPlatformRing();
  [eu, us, ap] = ['eu', 'us', 'ap'].map((name) => ring.region(name));
});
afterEach(() => ring.close());

const day = Date.UTC(2026, 0, 31);
const report = (i: number, hours = 0): RingsideEvent => {
  const event = aReport({ subjectId: `eu-${i}`, subjectHomeRegion: 'eu', filedAt: isoTime(day + hours * 3_600_000 + i) });
  return { ...event, region: 'eu' };
};

const repair = async (
  region: PlatformRegion,
  body = {},
): Promise<
  readonly { peer: string; problem: string | null; topics: readonly Topic[]; refused: readonly { reason: string }[] }[]
> => {
  const answer = await region.ask<{ peers: never }>('/v1/ring/repair', { method: 'POST', body });
  expect(answer.status).toBe(200);
  return answer.body.peers;
};
const convergence = async (region: PlatformRegion): Promise<Convergence> =>
  (await region.ask<Convergence>('/v1/ring/convergence')).body;
const ofTopic = (topics: readonly Topic[], topic: string): Topic => topics.find((one) => one.topic === topic)!;

describe('regions that hold the same', () => {
  it('are equal whatever order it came in, and however often', async () => {
    const events = Array.from({ length: 40 }, (_, i) => report(i, i));
    await eu!.hold(...events);
    await us!.hold(...[...events].reverse());
    await ap!.hold(...events, ...events.slice(0, 7), ...events.slice(0, 2));
    await ring.settle();
    for (const region of [eu!, us!, ap!]) {
      for (const { problem, topics } of await repair(region)) {
        expect([region.region, problem, topics.filter(({ equal }) => !equal)]).toEqual([region.region, null, []]);
      }
    }
    const held = (await convergence(ap!)).held.find(({ topic }) => topic === 'reports');
    expect(held).toEqual({ topic: 'reports', events: 40, doubled: 9, conflicting: 0 });
    const metrics = (await ap!.ask<string>('/metrics')).body;
    expect(metrics).toContain('ringside_ring_events_held{topic="reports"} 40');
    expect(metrics).toContain('ringside_ring_events_doubled{topic="reports"} 9');
    expect(metrics).toContain('ringside_ring_buckets_differing{peer="eu",topic="reports"} 0');
    expect(metrics).toMatch(/ringside_ring_comparison_age_seconds\{peer="us"\} \d/);
  });
});

describe('what is missing in a region', () => {
  it('comes back, byte for byte, also when one region alone still has it', async () => {
    const events = Array.from({ length: 120 }, (_, i) => report(i, i % 30));
    const lost = new Set([3, 30, 31, 99]);
    const bucketsOfLost = [...lost].map((i) => bucketOf(events[i]!.id, eu!.placement.recordOf(events[i]!).key));
    const differingBuckets = new Set(bucketsOfLost).size;
    await eu!.hold(...events.filter((_, i) => !lost.has(i)));
    await us!.hold(...events.filter((_, i) => !lost.has(i) && i !== 50));
    await ap!.hold(...events);
    await ring.settle();
    const before = await repair(us!, { peer: 'eu' });
    expect(ofTopic(before[0]!.topics, 'reports')).toMatchObject({ equal: false, missingHere: 1, missingThere: 0, restored: 1 });
    const [fromUs, fromAp] = await repair(eu!);
    expect(ofTopic(fromUs!.topics, 'reports')).toMatchObject({ restored: 0 });
    expect(ofTopic(fromAp!.topics, 'reports')).toMatchObject({ missingHere: 4, restored: 4, differingBuckets });
    for (const region of [us!, ap!, eu!, us!]) {
      await repair(region);
      await ring.settle();
    }
    for (const region of [eu!, us!, ap!]) {
      expect(await region.ids('reports')).toEqual(events.map(({ id }) => id).sort());
      for (const { topics } of await repair(region)) expect(topics.every(({ equal }) => equal)).toBe(true);
    }
    const metrics = (await eu!.ask<string>('/metrics')).body;
    expect(metrics).toContain('ringside_ring_events_repaired_total{peer="ap",topic="reports"} 4');
    expect(metrics).toContain('ringside_ring_events_missing_here{peer="ap",topic="reports"} 0');
  });

  it('is found by reading the log anew where it was lost after it had been seen, and comes back', async () => {
    const events = Array.from({ length: 30 }, (_, i) => report(i, i % 4));
    for (const region of [eu!, us!]) await region.hold(...events, events[3]!);
    await ring.settle();
    for (const i of [3, 11]) await eu!.remove('reports', events[i]!.id);
    expect(await eu!.ids('reports')).toHaveLength(28);
    const verify = async () => {
      const answer = await eu!.ask<{ verified: readonly { topic: string }[] }>('/v1/ring/repair', {
        method: 'POST',
        body: { verify: true },
      });
      await ring.settle();
      return answer.body.verified.find(({ topic }) => topic === 'reports');
    };
    const nothing = {
      ...{ topic: 'reports', unreadable: 0, damaged: 0, gone: 0, changed: 0, changedIds: [] },
      restored: 0,
      isCutShort: false,
    };
    expect(await verify()).toEqual({ ...nothing, read: 28, gone: 2, restored: 2 });
    expect(await eu!.ids('reports')).toEqual(events.map(({ id }) => id).sort());
    expect(await verify()).toEqual({ ...nothing, read: 30 });
    const [first, second] = events;
    await eu!.remove('reports', first!.id);
    const { topic, key, id } = eu!.placement.recordOf(first!);
    await eu!.append({ topic, key, id, bytes: encodeEvent({ ...second!, id }) });
    await eu!.append({ topic, key: 'somebody', id: 'no-id-of-an-event', bytes: Buffer.from('{}') });
    await ring.settle();
    expect(await verify()).toEqual({ ...nothing, read: 31, unreadable: 1, changed: 1, changedIds: [id] });
  });

  it('comes but for what the peer has damaged; that is found by reading the log anew, and comes back', async () => {
    const events = Array.from({ length: 9 }, (_, i) => report(0, i % 2));
    const [sound, broken] = [events.filter((_, i) => i !== 0 && i !== 5), [events[0]!, events[5]!]];
    for (const region of [us!, ap!]) await region.hold(...events);
    await ring.settle();
    for (const { id } of broken) await us!.damage('reports', id);
    const [fromUs] = await repair(eu!, { peer: 'us' });
    expect(fromUs).toMatchObject({ problem: null });
    expect(ofTopic(fromUs!.topics, 'reports')).toMatchObject({ missingHere: 9, restored: 7, notSent: 2 });
    expect(await eu!.ids('reports')).toEqual(sound.map(({ id }) => id).sort());
    const body = { verify: true, topic: 'reports' };
    const verify = async () => {
      await ring.settle();
      return (await us!.ask<{ verified: readonly object[] }>('/v1/ring/repair', { method: 'POST', body })).body.verified;
    };
    expect(await verify()).toMatchObject([{ read: 7, damaged: 2, gone: 2, restored: 2, isCutShort: false }]);
    expect(await verify()).toMatchObject([{ read: 9, damaged: 2, gone: 0 }]);
    const again = await repair(eu!, { peer: 'us' });
    expect(ofTopic(again[0]!.topics, 'reports')).toMatchObject({ missingHere: 2, restored: 2, notSent: 0 });
  });

  it('is on the record, which is an event of the ring itself', async () => {
    const event = report(1);
    await us!.hold(event);
    await ring.settle();
    await repair(eu!, { peer: 'us', topic: 'reports' });
    await ring.settle();
    const [id] = await eu!.ids('ring');
    expect(id).toBeDefined();
    await repair(us!, { peer: 'eu' });
    await ring.settle();
    expect(await us!.ids('ring')).toEqual(expect.arrayContaining([id]));
  });

  it('is nobody’s business where it may not be: casework goes to those that the policy names', async () => {
    await ring.settle();
    const shared = (await repair(ap!)).map(({ peer, topics }) => [peer, topics.map(({ topic }) => topic)]);
    expect(shared).toEqual([
      ['eu', ['reports', 'sanctions', 'reporters', 'ring']],
      ['us', ['reports', 'sanctions', 'reporters', 'ring', 'cases.ap']],
    ]);
    for (const topic of ['report-evidence', 'cases', 'cases.eu', 'rumours']) {
      expect([topic, (await ap!.ask(`/v1/ring/digests?topic=${topic}`)).status]).toEqual([topic, 404]);
    }
  });
});

describe('two contents of one id', () => {
  const variant = (event: RingsideEvent): RingsideEvent => ({
    ...event,
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  });

  it('are said in both regions, and neither takes that of the other', async () => {
    const event = report(1);
    await eu!.hold(event);
    await us!.hold(variant(event));
    await ring.settle();
    const [round] = await repair(eu!, { peer: 'us' });
    expect(ofTopic(round!.topics, 'reports')).toMatchObject({ equal: false, conflictCount: 1, missingHere: 0, restored: 0 });
    expect(ofTopic(round!.topics, 'reports').conflicts[0]).toMatchObject({
      id: event.id,
      here: hashOf(event.id, encodeEvent(event)),
      there: hashOf(event.id, encodeEvent(variant(event))),
    });
    expect(await eu!.ids('reports')).toEqual([event.id]);
    expect((await eu!.ask<string>('/metrics')).body).toContain('ringside_ring_conflicts{peer="us",topic="reports"} 1');
  });

  it('are counted within one log', async () => {
    const event = report(1);
    await eu!.hold(event, variant(event), event);
    await ring.settle();
    const { held } = await convergence(eu!);
    expect(held.find(({ topic }) => topic === 'reports')).toEqual({ topic: 'reports', events: 1, doubled: 2, conflicting: 1 });
  });
});
