import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { EmbeddedEventLog } from '@ringside/event-log-embedded';
import type { EventRecord } from '@ringside/events';

import { openReplicator, type Refusal, type Replicator, type ReplicatorOptions } from './index.js';
import { evidenceIn, idsOn, lyingOn, noteIn, openLogs, policy, reportIn, until, type Logs } from './ring.fixture.js';

const regions = ['eu', 'us', 'ap'];
let ring: Logs;
let replicator: Replicator | undefined;

beforeEach(async () => {
  ring = await openLogs(...regions);
});
afterEach(async () => {
  await replicator?.close();
  replicator = undefined;
  await ring.close();
});

const replicate = (options: Partial<ReplicatorOptions> = {}): Replicator =>
  (replicator = openReplicator({ policy, logs: ring.logs, ...options }));

const log = (region: string): EmbeddedEventLog => ring.logs[region]!;

/** Appends to the log of a region, whose topics are made where they are missing. */
async function append(region: string, ...records: readonly EventRecord[]): Promise<readonly string[]> {
  for (const { topic } of records) await log(region).createTopic(topic, { partitions: 8 });
  await log(region).append(records);
  return records.map(({ id }) => id);
}

const caughtUp = (): Promise<void> => until('every link has caught up', () => replicator!.caughtUp());
const sorted = (...ids: readonly (readonly string[])[]): readonly string[] => ids.flat().sort();

describe('the replicator', () => {
  it('takes what every region writes to every other, once', async () => {
    const [eu, us] = [await append('eu', reportIn('eu'), reportIn('eu')), await append('us', reportIn('us'))];
    replicate();
    await caughtUp();
    const ap = await append('ap', reportIn('ap'));
    await caughtUp();
    for (const region of regions) expect(await idsOn(log(region), 'reports')).toEqual(sorted(eu, us, ap));
    // What came to eu by another link is nothing that this one has to copy, and it may not have looked at it yet.
    const link = replicator!.link('eu', 'us');
    await until('the link has passed over the others', async () => (await link.status()).passedOver === 2);
    expect(await link.status()).toMatchObject({ copied: 2, passedOver: 2, refused: {}, failures: 0 });
  });

  it('leaves keys, bytes, partitions and their order as they are', async () => {
    const records = Array.from({ length: 300 }, (_, index) => reportIn('eu', `eu-player-${index % 20}`));
    replicate();
    await append('eu', ...records);
    await caughtUp();
    expect(await lyingOn(log('us'), 'reports')).toEqual(await lyingOn(log('eu'), 'reports'));
  });

  it('takes casework where its route leads, and nowhere else', async () => {
    const [eu] = await append('eu', noteIn('eu', 'eu-anna'));
    await append('us', noteIn('us', 'us-carl'));
    replicate();
    await caughtUp();
    expect(await idsOn(log('us'), 'cases.eu')).toEqual([eu]);
    expect((await log('ap').topics()).map(({ topic }) => topic)).not.toContain('cases.eu');
    expect(await idsOn(log('eu'), 'cases.us')).toEqual([]);
  });

  it('leaves evidence where it was filed', async () => {
    const [kept] = await append('eu', evidenceIn('eu'));
    const [report] = await append('eu', reportIn('eu'));
    replicate();
    await caughtUp();
    expect(await idsOn(log('eu'), 'report-evidence')).toEqual([kept]);
    for (const region of ['us', 'ap']) {
      expect(await idsOn(log(region), 'reports')).toEqual([report]);
      expect(await lyingOn(log(region), 'report-evidence')).toEqual([]);
    }
  });

  it('says and counts what must not lie where it would be copied to', async () => {
    const refusals: Refusal[] = [];
    // Evidence that somebody has put on a global topic, and a note about a player of another region.
    const strayed = { ...evidenceIn('eu'), topic: 'reports' };
    const misplaced = { ...noteIn('eu', 'ap-dora'), topic: 'cases.eu' };
    const broken = { topic: 'reports', key: 'k', id: 'broken', bytes: Buffer.from('{"region":"eu"}') };
    await append('eu', strayed, misplaced, broken);
    const [report] = await append('eu', reportIn('eu'));
    replicate({ onRefused: (refusal) => refusals.push(refusal) });
    await caughtUp();
    expect(await idsOn(log('us'), 'reports')).toEqual([report]);
    expect(await idsOn(log('us'), 'cases.eu')).toEqual([]);
    const [status] = (await replicator!.status()).filter(({ from, to }) => from === 'eu' && to === 'us');
    expect(status!.refused).toEqual({ wrong_topic: 2, invalid_envelope: 1 });
    const told = refusals.filter(({ to }) => to === 'us').map(({ topic, id }) => [topic, id]);
    expect(told.sort()).toEqual(
      [
        ['cases.eu', misplaced.id],
        ['reports', broken.id],
        ['reports', strayed.id],
      ].sort(),
    );
  });

  it('makes a topic with as many partitions as its source has', async () => {
    await log('eu').createTopic('reports', { partitions: 3 });
    replicate();
    await until('the others have it', async () => {
      const there = await Promise.all(['us', 'ap'].map(async (region) => (await log(region).topics()).length > 0));
      return there.every(Boolean);
    });
    expect(await log('us').topics()).toContainEqual({ topic: 'reports', partitions: 3 });
  });

  it('goes on where it stopped', async () => {
    const first = await append('eu', reportIn('eu'));
    replicate();
    await caughtUp();
    await replicator!.close();
    const second = await append('eu', reportIn('eu'), reportIn('eu'));
    replicate();
    await caughtUp();
    expect(await idsOn(log('us'), 'reports')).toEqual(sorted(first, second));
    expect(replicator!.link('eu', 'us').state).toBe('up');
  });

  it('knows no region that the policy does not have, and no link to itself', () => {
    expect(() => openReplicator({ policy, logs: { mars: log('eu') } })).toThrow(RangeError);
    expect(() => replicate().link('eu', 'eu')).toThrow(RangeError);
  });
});

describe('a link', () => {
  it('copies nothing while it is cut, and everything when it is healed; the others go on', async () => {
    replicate();
    await replicator!.link('eu', 'us').cut();
    const ids = await append('eu', ...Array.from({ length: 50 }, () => reportIn('eu')));
    await until('the link to ap copies', async () => (await idsOn(log('ap'), 'reports')).length === 50);
    expect(await lyingOn(log('us'), 'reports')).toEqual([]);
    expect(await replicator!.link('eu', 'us').caughtUp()).toBe(false);
    expect(replicator!.link('eu', 'us').state).toBe('cut');
    replicator!.link('eu', 'us').heal();
    await caughtUp();
    expect(await idsOn(log('us'), 'reports')).toEqual(sorted(ids));
  });

  it('loses nothing and changes no order over many cuts', async () => {
    replicate();
    const link = replicator!.link('eu', 'us');
    const ids: string[] = [];
    for (let cuts = 0; cuts < 20; cuts++) {
      ids.push(...(await append('eu', ...Array.from({ length: 20 }, () => reportIn('eu')))));
      await link.cut();
      ids.push(...(await append('eu', reportIn('eu'))));
      link.heal();
    }
    await caughtUp();
    const arrived = (await lyingOn(log('us'), 'reports')).map(({ id }) => id);
    expect([...new Set(arrived)]).toEqual(ids); // one key, so one partition
  });

  it('delays everything, in its order, and keeps up all the same', async () => {
    replicate({ delayMs: 300 });
    await until('the link is there', async () => (await log('us').topics()).length > 0);
    const startedAt = performance.now();
    const ids: string[] = [];
    for (let batch = 0; batch < 20; batch++)
      ids.push(...(await append('eu', ...Array.from({ length: 50 }, () => reportIn('eu')))));
    const appendedAt = performance.now();
    await until('all is there', async () => (await idsOn(log('us'), 'reports')).length === ids.length);
    const tookMs = performance.now() - appendedAt;
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(300);
    expect(tookMs).toBeLessThan(20 * 300); // one batch after the other would take that long
    expect((await lyingOn(log('us'), 'reports')).map(({ id }) => id)).toEqual(ids);
  });

  it('takes a new delay for what is under way', async () => {
    replicate({ delayMs: 3_600_000 });
    const ids = await append('eu', reportIn('eu'));
    const link = replicator!.link('eu', 'us');
    await until('it is sent', async () => (await link.status()).backlog === 1);
    link.delay(0);
    await until('it is there', async () => (await idsOn(log('us'), 'reports')).length === 1);
    expect(await idsOn(log('us'), 'reports')).toEqual(ids);
    expect(await idsOn(log('ap'), 'reports')).toEqual([]);
  });

  it('tries again while a region is away, and the others go on', async () => {
    const failures: string[] = [];
    const { us } = ring.logs;
    let isAway = true;
    const flaky = {
      ...us!,
      append: (records: readonly EventRecord[]) =>
        isAway ? Promise.reject(new Error('The log of us is away.')) : us!.append(records),
    };
    replicate({ logs: { ...ring.logs, us: flaky }, onFailure: (message) => failures.push(message) });
    const ids = await append('eu', reportIn('eu'), reportIn('eu'));
    await until('ap has it', async () => (await idsOn(log('ap'), 'reports')).length === 2);
    await until('the link is tried again', () => failures.length > 2);
    expect(failures).toContain('eu to us, reports: The log of us is away.');
    expect((await replicator!.link('eu', 'us').status()).failures).toBeGreaterThan(2);
    isAway = false;
    await caughtUp();
    expect(await idsOn(log('us'), 'reports')).toEqual(sorted(ids));
    expect(replicator!.link('eu', 'us').state).toBe('up');
  });

  it('doubles and drops where that is asked for', async () => {
    replicate({ faults: { seed: 7, duplicate: 1, drop: 0.5 } });
    const ids = await append('eu', ...Array.from({ length: 100 }, () => reportIn('eu')));
    await caughtUp();
    const arrived = await idsOn(log('us'), 'reports');
    const { copied, doubled, lost } = await replicator!.link('eu', 'us').status();
    expect(doubled).toBe(copied);
    expect(copied + lost).toBe(ids.length);
    expect(arrived.length).toBe(2 * copied);
    expect(lost).toBeGreaterThan(20);
    expect(new Set(arrived).size).toBe(copied);
  });
});
