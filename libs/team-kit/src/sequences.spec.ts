import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Projection } from '@ringside/core';
import type { Delivery, Subscription } from '@ringside/event-log';
import { toRecord, type ReportFiled, type RingsideEvent } from '@ringside/events';
import { aReport, openTestDrivers, type TestDrivers } from '@ringside/testing';

import type { Observer } from './observer.js';
import { pageOfParked, type ParkedEvent } from './parking.js';
import { Processor } from './processor.js';
import { tablesOf, type Subscriber } from './subscriber.js';
import { Views } from './views.js';

const topic = 'reports';
const key = 'subject-1';

/** Stands in for an event at this position of the stream of its subject. */
const at = (position: number, subjectId = key): ReportFiled => aReport({ subjectId, game: `${position}` });
const positionOf = (event: RingsideEvent): number => Number((event as ReportFiled).data.game);

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
  project: (event, rows) => {
    const row = entityOf(event);
    const before = (rows.get(row)?.['positions'] as number[] | undefined) ?? [];
    return [
      { kind: 'put', ...row, value: { positions: [...before, positionOf(event)] } },
      { kind: 'count', table: 'figures', partition: 'all', key: 'events', amounts: { n: 1 } },
    ];
  },
};

const subscriber: Subscriber = { name: 'test-team', topics: [topic], projections: [positions], reactions: [] };

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
  new Processor({ subscriber, log: drivers.log, views, observer, region: 'local', signal: new AbortController().signal });

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
