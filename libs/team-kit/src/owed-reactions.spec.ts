import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Projection } from '@ringside/core';
import { standalone } from '@ringside/data-ring';
import type { Delivery, Subscription } from '@ringside/event-log';
import { toRecord, type ReportFiled, type RingsideEvent } from '@ringside/events';
import { aReport, openTestDrivers, type TestDrivers } from '@ringside/testing';
import type { ViewStore, WriteOptions } from '@ringside/view-store';

import type { Observer } from './observer.js';
import { pageOfParked } from './parking.js';
import type { PlacedSubscriber } from './placed-subscriber.js';
import { Processor } from './processor.js';
import { tablesOf } from './subscriber.js';
import { Views } from './views.js';

const topic = 'reports';
const subjectRow = (subjectId: string) => ({ table: 'subjects', partition: subjectId, key: 'reports' });

const subjects: Projection<RingsideEvent> = {
  name: 'Subjects',
  tables: ['subjects'],
  entity: (event) => (event.type === 'ReportFiled' ? subjectRow(event.data.subjectId) : undefined),
  project: (event) => {
    const { reportId, subjectId } = (event as ReportFiled).data;
    if (reportId === poisoned) throw new TypeError('cannot read what is not there');
    return [{ kind: 'put', ...subjectRow(subjectId), value: { latest: reportId } }];
  },
};

/** The projection throws for this report. */
let poisoned: string | undefined;
/** Reports that were reacted to, in order. */
let reacted: string[];
/** The process dies when it is about to react to this report. */
let diesAt: string | undefined;
let died: () => Promise<never>;
/** The reaction to this report throws. */
let failsAt: string | undefined;

const subscriber: PlacedSubscriber = {
  placement: standalone('local'),
  name: 'test-team',
  topics: [topic],
  projections: [subjects],
  reactions: [
    {
      name: 'Remember',
      concerns: (event) => event.type === 'ReportFiled' && event.data.reason === 'other',
      react: async (event) => {
        const { reportId } = (event as ReportFiled).data;
        if (reportId === diesAt) return died();
        if (reportId === failsAt) throw new Error('not now');
        reacted.push(reportId);
        return [];
      },
    },
  ],
};

const nothing = (): void => undefined;
const observer: Observer = {
  processed: nothing,
  parked: nothing,
  unparked: nothing,
  parkedNow: nothing,
  takenOver: nothing,
  fenced: nothing,
  cursorPutBack: nothing,
  waiting: nothing,
};

let drivers: TestDrivers;
let views: Views;
let subscription: Subscription;
/** Checkpoints of each write. */
let writes: NonNullable<WriteOptions['checkpoints']>[];

beforeEach(async () => {
  [poisoned, reacted, diesAt, failsAt, writes] = [undefined, [], undefined, undefined, []];
  drivers = await openTestDrivers();
  views = await Views.current(await drivers.store('test-team'), subscriber.name);
  await views.createTables(tablesOf(subscriber));
  await drivers.log.createTopic(topic, { partitions: 1 });
  subscription = await drivers.log.subscribe({ topic, subscription: 'test-team', start: { at: 'earliest' }, consumer: 'test' });
});
afterEach(() => drivers.close());

type Write = Parameters<ViewStore['write']>;

/** @param dies whether the process dies when it is about to do this write. */
function aProcessor(reactions = subscriber.reactions, dies: (write: Write) => boolean = () => false): Processor {
  const store = Object.create(views.store, {
    write: {
      value: (...[rows, options]: Write) => {
        if (dies([rows, options])) return new Promise(() => undefined);
        writes.push(options?.checkpoints ?? []);
        return views.store.write(rows, options);
      },
    },
  }) as ViewStore;
  return new Processor({
    subscriber: { ...subscriber, reactions },
    log: drivers.log,
    views: Object.create(views, { store: { value: store } }) as Views,
    observer,
    signal: new AbortController().signal,
  });
}

const report = (reportId: string, subjectId = reportId): ReportFiled =>
  aReport({ reportId, subjectId, reason: 'other' }) as ReportFiled;

async function delivered(...events: readonly RingsideEvent[]): Promise<Delivery[]> {
  await drivers.log.append(events.map(toRecord));
  const taken: Delivery[] = [];
  while (taken.length < events.length)
    taken.push(...(await subscription.receive({ recordsMax: events.length - taken.length, waitMsMax: 5_000 })));
  return taken;
}

/** A process that stores a batch and dies when it is about to react to `reportId`. */
async function dies(reportId: string, batch: readonly Delivery[]): Promise<void> {
  diesAt = reportId;
  await new Promise<void>((resolve) => {
    died = () => {
      resolve();
      return new Promise(() => undefined);
    };
    void aProcessor().process(batch);
  });
  diesAt = undefined;
}

/** A process that has parked what cannot be projected and dies when it is about to write the rows of the others. */
function diesBeforeRows(batch: readonly Delivery[]): Promise<void> {
  const table = views.physical('subjects');
  return new Promise((resolve) => {
    const dies = ([rows, { last = [], newest = [] } = {}]: Write): boolean => {
      const isIt = [...rows, ...last, ...newest].some((row) => row.table === table);
      if (isIt) resolve();
      return isIt;
    };
    void aProcessor(subscriber.reactions, dies).process(batch);
  });
}

const parked = () => pageOfParked(views, { topic, partition: 0 }, { limit: 100 });

describe('what was reacted to', () => {
  it('is stored with the next batch, and by itself when none comes: a batch is one write', async () => {
    const processor = aProcessor();
    for (const id of ['a', 'b', 'c']) await processor.process(await delivered(report(id)));
    expect(reacted).toEqual(['a', 'b', 'c']);
    const ofBatches = writes
      .splice(0)
      .filter((checkpoints) => checkpoints.some(({ subscription }) => subscription.endsWith('/g1')));
    expect(ofBatches).toHaveLength(3);
    await processor.rest(topic);
    await processor.rest(topic);
    expect(writes).toHaveLength(1);
    const [main] = await views.store.checkpoints(views.checkpointName(topic));
    const [stored] = await views.store.checkpoints(views.reactedName(topic));
    expect(stored!.position).toBe(main!.position);
  });

  it('is not reacted to again by whoever has the partition next', async () => {
    const processor = aProcessor();
    await processor.process(await delivered(report('a')));
    await processor.rest(topic);
    await aProcessor().process(await delivered(report('b')));
    expect(reacted).toEqual(['a', 'b']);
  });
});

describe('what the process before stored and did not react to', () => {
  it('is reacted to by whoever has the partition next, in order and before what comes then', async () => {
    const processor = aProcessor();
    await processor.process(await delivered(report('a', 's')));
    await processor.rest(topic);
    await dies('c', await delivered(report('b', 's'), report('c', 's'), report('d', 's')));
    expect(reacted).toEqual(['a', 'b']);
    await aProcessor().process(await delivered(report('e', 's')));
    expect(reacted).toEqual(['a', 'b', 'b', 'c', 'd', 'e']);
    await aProcessor().process(await delivered(report('f')));
    expect(reacted.slice(6)).toEqual(['e', 'f']);
  });

  it('is the whole of the first batch, where there was none before', async () => {
    await dies('a', await delivered(report('a')));
    await aProcessor().process(await delivered(report('b')));
    expect(reacted).toEqual(['a', 'b']);
  });

  it('is parked where the reaction fails, with what is behind it, and tried again', async () => {
    const batch = await delivered(report('a', 's'), report('b', 's'), report('f'));
    await dies('a', batch);
    failsAt = 'a';
    reacted = [];
    const processor = aProcessor();
    await processor.process(await delivered(report('c', 's')));
    expect((await parked()).map(({ reason, reactionOnly, eventId }) => [eventId, reason, reactionOnly])).toEqual([
      [batch[0]!.id, 'reaction', true],
      [batch[1]!.id, 'behind', true],
      [expect.any(String), 'behind', false],
    ]);
    expect(reacted).toEqual(['f']);
    failsAt = undefined;
    expect(await processor.retry({ topic, partition: 0, key: 's' })).toBe(3);
    expect(reacted).toEqual(['f', 'a', 'b', 'c']);
    expect(await parked()).toEqual([]);
  });

  it('leaves out what is parked: the views do not contain it', async () => {
    poisoned = 'bad';
    const batch = await delivered(report('bad'), report('a'));
    await diesBeforeRows(batch);
    await dies('a', batch);
    expect((await parked()).map(({ eventId }) => eventId)).toEqual([batch[0]!.id]);
    await aProcessor().process(await delivered(report('b')));
    expect(reacted).toEqual(['a', 'b']);
  });

  it('leaves out what was given up since', async () => {
    poisoned = 'bad';
    const batch = await delivered(report('bad'), report('a'));
    await diesBeforeRows(batch);
    const processor = aProcessor();
    await processor.process(batch);
    expect(await processor.discard({ topic, partition: 0, key: 'bad' }, batch[0]!.id)).toBe('discarded');
    expect(await parked()).toEqual([]);
    await aProcessor().process(await delivered(report('b')));
    expect(reacted).toEqual(['a', 'a', 'b']);
  });

  it('is nothing where the views were written before there was anything to react', async () => {
    await aProcessor([]).process(await delivered(report('a')));
    await aProcessor().process(await delivered(report('b')));
    expect(reacted).toEqual(['b']);
  });
});
