import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Projection } from '@ringside/core';
import type { Delivery, Subscription } from '@ringside/event-log';
import { standalone } from '@ringside/data-ring';
import { toRecord, type ReportFiled, type RingsideEvent } from '@ringside/events';
import { aReport, openTestDrivers, type TestDrivers } from '@ringside/testing';

import type { Observer } from './observer.js';
import { pageOfParked, type ParkedEvent } from './parking.js';
import type { PlacedSubscriber } from './placed-subscriber.js';
import { Processor } from './processor.js';
import { tablesOf } from './subscriber.js';
import { Views } from './views.js';

const topic = 'reports';
const key = 'subject-1';

/** Stands in for an event at this position of the stream of its subject. */
const at = (position: number, subjectId = key): ReportFiled => aReport({ subjectId, game: `${position}` });
/** The stream forks: this one comes right behind another than the one before it. */
const fork = (position: number, follows: number): ReportFiled => aReport({ subjectId: key, game: `${position}/${follows}` });
const positionOf = (event: RingsideEvent): number => Number((event as ReportFiled).data.game.split('/')[0]);
const followedBy = (event: RingsideEvent): number =>
  Number((event as ReportFiled).data.game.split('/')[1] ?? positionOf(event) - 1);

const entityOf = (event: RingsideEvent) => ({
  table: 'streams',
  partition: (event as ReportFiled).data.subjectId,
  key: 'positions',
});

const positions: Projection<RingsideEvent> = {
  name: 'Positions',
  tables: ['streams', 'figures'],
  entity: entityOf,
  sequence: positionOf,
  follows: followedBy,
  project: (event, rows) => {
    const row = entityOf(event);
    const before = (rows.get(row)?.['positions'] as number[] | undefined) ?? [];
    return [
      { kind: 'put', ...row, value: { positions: [...before, positionOf(event)] } },
      { kind: 'count', table: 'figures', partition: 'all', key: 'events', amounts: { n: 1 } },
    ];
  },
};

const subscriber: PlacedSubscriber = {
  placement: standalone('local'),
  name: 'test-team',
  topics: [topic],
  projections: [positions],
  reactions: [],
};

let drivers: TestDrivers;
let views: Views;
let subscription: Subscription;
let outcomes: string[];
let parkedNow: number;
let processor: Processor;

const nothing = (): void => undefined;
const observer: Observer = {
  processed: (_topic, outcome) => outcomes.push(outcome),
  parked: ({ reason }) => outcomes.push(reason),
  unparked: ({ how }) => outcomes.push(how),
  parkedNow: (_topic, _partition, count) => (parkedNow = count),
  takenOver: nothing,
  fenced: nothing,
  cursorPutBack: nothing,
  waiting: nothing,
};

const aProcessor = (): Processor =>
  new Processor({ subscriber, log: drivers.log, views, observer, signal: new AbortController().signal });

beforeEach(async () => {
  [outcomes, parkedNow] = [[], 0];
  drivers = await openTestDrivers();
  views = await Views.current(await drivers.store('test-team'), subscriber.name);
  await views.createTables(tablesOf(subscriber));
  await drivers.log.createTopic(topic, { partitions: 1 });
  subscription = await drivers.log.subscribe({ topic, subscription: 'test-team', start: { at: 'earliest' }, consumer: 'test' });
  processor = aProcessor();
});
afterEach(() => drivers.close());

async function take(...events: readonly RingsideEvent[]): Promise<void> {
  await drivers.log.append(events.map(toRecord));
  const taken: Delivery[] = [];
  while (taken.length < events.length) {
    taken.push(...(await subscription.receive({ recordsMax: events.length - taken.length, waitMsMax: 5_000 })));
  }
  await processor.process(taken);
}

const positionsOf = async (partition = key): Promise<unknown> =>
  (await views.get({ table: 'streams', partition, key: 'positions' }))?.['positions'];
const parked = (): Promise<readonly ParkedEvent[]> => pageOfParked(views, { topic, partition: 0 }, { limit: 100 });
const counted = async (): Promise<unknown> => (await views.figures('figures', 'all')).get('events')?.['n'];

describe('events of a stream', () => {
  it('are projected once each, whatever the log repeats', async () => {
    await take(at(1), at(2), at(1), at(2), at(3));
    await take(at(2), at(3), at(4));
    expect(await positionsOf()).toEqual([1, 2, 3, 4]);
    expect(await counted()).toBe(4);
    expect(outcomes.filter((outcome) => outcome === 'duplicate')).toHaveLength(4);
    expect(await parked()).toEqual([]);
  });

  it('behind a gap are held, while other streams flow, and go on when the missing one has come', async () => {
    await take(at(1), at(3), at(4), at(1, 'another'));
    expect(await positionsOf()).toEqual([1]);
    expect(await positionsOf('another')).toEqual([1]);
    expect((await parked()).map(({ reason, detail }) => [reason, detail])).toEqual([
      ['gap', 'It has position 3 of its stream, and Positions lacks 2.'],
      ['gap', 'It has position 4 of its stream, and Positions lacks 2.'],
    ]);
    expect(parkedNow).toBe(2);
    await take(at(2));
    expect(await positionsOf()).toEqual([1, 2, 3, 4]);
    expect(await counted()).toBe(5);
    expect(await parked()).toEqual([]);
    expect(parkedNow).toBe(0);
    await take(at(5));
    expect(await positionsOf()).toEqual([1, 2, 3, 4, 5]);
  });

  it('go on in one batch, in the order of the stream, however they came', async () => {
    await take(at(5), at(3), at(1), at(4), at(2));
    await processor.tend(topic, [0]);
    expect(await positionsOf()).toEqual([1, 2, 3, 4, 5]);
    expect(await parked()).toEqual([]);
  });

  it('are held over a restart', async () => {
    await take(at(3), at(2));
    processor = aProcessor();
    await processor.tend(topic, [0]);
    expect((await parked()).length).toBe(2);
    await take(at(1));
    await processor.tend(topic, [0]);
    expect(await positionsOf()).toEqual([1, 2, 3]);
    expect(parkedNow).toBe(0);
  });

  it('that were repeated while they were held are dropped', async () => {
    await take(at(2), at(2), at(1));
    await processor.tend(topic, [0]);
    expect(await positionsOf()).toEqual([1, 2]);
    expect(await counted()).toBe(2);
    expect(await parked()).toEqual([]);
  });

  it('wait for the one that they follow where the stream forks, and those of an older branch are projected late as well', async () => {
    await take(at(1), fork(103, 2), at(104)); // the branch came before what it goes on from
    expect(await positionsOf()).toEqual([1]);
    expect((await parked()).map(({ detail }) => detail)).toEqual([
      'It has position 103 of its stream, and Positions lacks 2.',
      'It has position 104 of its stream, and Positions lacks 2.',
    ]);
    await take(at(2));
    await processor.tend(topic, [0]);
    expect(await positionsOf()).toEqual([1, 2, 103, 104]);
    await take(at(3), at(104), at(105), at(4), fork(103, 2), fork(201, 0));
    await processor.tend(topic, [0]);
    expect(await positionsOf()).toEqual([1, 2, 103, 104, 3, 105, 4, 201]);
    expect(await parked()).toEqual([]);
    expect(await views.get({ table: 'streams', partition: key, key: 'sequence' })).toEqual({
      sequence: 4,
      runs: [
        [103, 105],
        [201, 201],
      ],
    });
  });

  it('of all branches are projected once each and behind those they follow, in whichever order they come', async () => {
    const all = [at(1), at(2), at(3), fork(102, 1), at(103), fork(203, 102), at(204)];
    let seed = 7;
    for (let n = 0; n < 20; n++) {
      const subject = `subject-${n}`;
      const events = all.map(({ data }) => aReport({ subjectId: subject, game: data.game }));
      const inAnyOrder = [...events, ...events]
        .map((event) => ({ event, place: (seed = (seed * 48_271) % 2_147_483_647) }))
        .sort((a, b) => a.place - b.place)
        .map(({ event }) => event);
      await take(...inAnyOrder);
      for (let i = 0; i < 10; i++) await processor.tend(topic, [0]);
      const taken = (await positionsOf(subject)) as number[];
      expect([...taken].sort((a, b) => a - b)).toEqual([1, 2, 3, 102, 103, 203, 204]);
      for (const event of events) {
        const follows = followedBy(event);
        if (follows > 0) expect(taken.indexOf(follows)).toBeLessThan(taken.indexOf(positionOf(event)));
      }
    }
    expect(await parked()).toEqual([]);
  });

  it('queue behind one that cannot be processed, gap or not', async () => {
    const broken = { ...toRecord(at(2)), bytes: Buffer.from('{') };
    await take(at(1), at(4));
    await drivers.log.append([broken]);
    await processor.process(await subscription.receive({ recordsMax: 1, waitMsMax: 5_000 }));
    await take(at(3));
    expect(await positionsOf()).toEqual([1]);
    expect((await parked()).map(({ reason }) => reason)).toEqual(['gap', 'malformed', 'behind']);
  });
});
