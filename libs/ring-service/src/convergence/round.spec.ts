import { describe, expect, it } from '@jest/globals';
import { isoTime, UnavailableError } from '@ringside/core';
import { placementOf } from '@ringside/data-ring';
import type { EventLog, NewRecord } from '@ringside/event-log';
import { bySystem, type RingsideEvent } from '@ringside/events';
import { aReport } from '@ringside/testing';

import { hashOf } from '../holdings/digest.js';
import type { HeldViews, NamedTally } from '../holdings/held.js';
import { bucketOf, dayOf } from '../holdings/holdings.js';
import { policy } from '../platform-ring.fixture.js';
import { LeftAlone } from './left-alone.js';
import { PeerError, type Peer } from './peer.js';
import { roundWith, type RoundWithOptions } from './round.js';

const roundMs = 60_000;
const answerMs = 100;
const placement = placementOf(policy, 'eu');
const records = Array.from({ length: 1_000 }, (_, hour) => {
  const filedAt = isoTime(Date.UTC(2026, 0, 1) + hour * 3_600_000);
  const event: RingsideEvent = { ...aReport({ subjectId: 'eu-1', subjectHomeRegion: 'eu', filedAt }), region: 'eu' };
  const record = placement.recordOf(event);
  return { ...record, hash: hashOf(record.id, record.bytes), bucket: bucketOf(record.id, record.key) };
});
const ofBucket = new Map(records.map((one) => [one.bucket, one]));

const tallies = (names: Iterable<string>): readonly NamedTally[] =>
  [...new Set(names)].sort().map((name) => ({ name, events: 1, digest: '1'.repeat(32) }));

/** A region that lacks all that its peer has; each answer takes its time, and none comes after the end of a round. */
function lackingAll({
  onRecords,
  onAppend,
}: Readonly<Partial<Record<'onRecords' | 'onAppend', (count: number) => void>>> = {}) {
  let [now, endsAt, requests, appends] = [1_000, 0, 0, 0];
  const answering = <T>(answer: () => T): Promise<T> => {
    if (now >= endsAt) return Promise.reject(new PeerError('Too long.', { isAway: true }));
    now += answerMs;
    return Promise.resolve().then(answer);
  };
  const peer: Peer = {
    region: 'us',
    days: () => answering(() => tallies([...ofBucket.keys()].map(dayOf))),
    buckets: (_topic, day) => answering(() => tallies([...ofBucket.keys()].filter((bucket) => dayOf(bucket) === day))),
    held: ({ bucket }) => answering(() => [ofBucket.get(bucket)!].map(({ id, hash }) => ({ id, hash, takenAt: 1 }))),
    records: ({ bucket }) =>
      answering(() => {
        onRecords?.(++requests);
        return [ofBucket.get(bucket)!].map(({ id, bytes }) => ({ id, bytes }));
      }),
  };
  const taken: string[] = [];
  const append = async (some: readonly NewRecord[]) => {
    onAppend?.(++appends);
    taken.push(...some.map(({ id }) => id));
    return Promise.resolve([]);
  };
  const log = { capabilities: { recordBytesMax: 1_000_000 }, append } as unknown as EventLog;
  const views = {
    figures: () => Promise.resolve(new Map()),
    page: () => Promise.resolve([]),
    getMany: (keys: readonly object[]) => Promise.resolve(keys.map(() => undefined)),
  } as unknown as HeldViews;
  const options: Omit<RoundWithOptions, 'endsAt'> = {
    ...{ placement, log, views, clock: () => now, settleMs: 0, repairs: true, by: bySystem },
    ...{ leftAlone: new LeftAlone(), cursors: new Map<string, string>() },
    hasCaughtUp: () => Promise.resolve(true),
    onTrouble: () => undefined,
  };
  const round = () => {
    endsAt = now + roundMs;
    return roundWith(peer, ['reports'], { ...options, endsAt });
  };
  return { round, taken };
}

it('a round with a distant peer ends before its time, so that what it has found is fetched and the next one goes on', async () => {
  const { round, taken } = lackingAll();
  const first = await round();
  expect(first.topics).toMatchObject([{ isCutShort: true, next: expect.any(String) }]);
  expect(first.restored.get('reports')!.length).toBeGreaterThan(200);
  for (let i = 0; i < 10 && taken.length < records.length; i++) await round();
  expect([taken.length, new Set(taken).size]).toEqual([records.length, records.length]);
});

describe('a repair that breaks off', () => {
  it.each([
    ['the peer goes away', new PeerError('Gone.', { isAway: true })],
    ['the log takes nothing more', new UnavailableError('event-log', 'Gone.')],
  ])('as %s is remembered as far as it came: none of that is fetched again', async (_why, failure) => {
    const fails = { isOn: true };
    const breaking = (request: number): void => {
      if (fails.isOn && request === 5) throw failure;
    };
    const isOfLog = !(failure instanceof PeerError);
    const { round, taken } = lackingAll(isOfLog ? { onAppend: breaking } : { onRecords: breaking });
    const { restored, problem } = await round();
    expect([restored.get('reports'), problem]).toEqual([taken, 'Gone.']);
    expect(taken).toHaveLength(4);
    fails.isOn = false;
    for (let i = 0; i < 10 && taken.length < records.length; i++) await round();
    expect([taken.length, new Set(taken).size]).toEqual([records.length, records.length]);
  });

  it('for some of the events goes on with the others, and says so', async () => {
    const { round, taken } = lackingAll({
      onRecords: (request) => {
        if (request === 5) throw new PeerError('It answers with status 500.');
      },
    });
    const { restored, notSent, problem } = await round();
    expect([problem, notSent.get('reports')]).toEqual(['It answers with status 500.', 1]);
    expect(restored.get('reports')).toEqual(taken);
    expect(taken.length).toBeGreaterThan(200);
  });
});
