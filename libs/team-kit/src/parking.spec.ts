import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Projection } from '@ringside/core';
import { keyBytesMax, partitionOf, type Delivery, type Subscription } from '@ringside/event-log';
import { standalone } from '@ringside/data-ring';
import { toRecord, type RingsideEvent } from '@ringside/events';
import { aReport, openTestDrivers, reportIdOf, type TestDrivers } from '@ringside/testing';
import { nameBytesMax, valueBytesMax, type ViewStore } from '@ringside/view-store';

import type { Observer } from './observer.js';
import { pageOfParked, recordsOf, type ParkedEvent } from './parking.js';
import type { PlacedSubscriber } from './placed-subscriber.js';
import { Processor } from './processor.js';
import { tablesOf, type Reaction, type Subscriber } from './subscriber.js';
import { Views } from './views.js';

const topic = 'reports';
/** Events of these reports make the projection throw; those of the others make their reaction throw. */
let poison: Set<string>;
let unanswered: Set<string>;
let reacted: string[];

/** Keeps the ids of reports per subject, and counts them all. */
const reportsOfSubject: Projection<RingsideEvent> = {
  name: 'ReportsOfSubject',
  tables: ['subjects', 'figures'],
  entity: (event) => (event.type === 'ReportFiled' ? subjectRow(event.data.subjectId) : undefined),
  project: (event, rows) => {
    if (event.type !== 'ReportFiled') return [];
    if (poison.has(event.data.reportId)) throw new TypeError('cannot read what is not there');
    const row = subjectRow(event.data.subjectId);
    const ids = (rows.get(row)?.['ids'] as string[] | undefined) ?? [];
    return [
      { kind: 'put', ...row, value: { ids: [...ids, event.data.reportId] } },
      { kind: 'count', table: 'figures', partition: 'all', key: 'reports', amounts: { filed: 1 } },
    ];
  },
};
const subjectRow = (subjectId: string) => ({ table: 'subjects', partition: subjectId, key: 'reports' });

const answer: Reaction = {
  name: 'Answer',
  concerns: (event) => event.type === 'ReportFiled' && event.data.reason === 'other',
  react: async (event) => {
    const reportId = reportIdOf(event);
    if (unanswered.has(reportId)) throw new Error('not now');
    reacted.push(reportId);
    return [];
  },
};

const subscriber: PlacedSubscriber = {
  placement: standalone('local'),
  name: 'test-team',
  topics: [topic],
  projections: [reportsOfSubject],
  identity: (event) => (event.type === 'ReportFiled' ? { table: 'subjects', partition: event.data.subjectId } : undefined),
  reactions: [answer],
};

let drivers: TestDrivers;
let store: ViewStore;
let views: Views;
let subscription: Subscription;
let outcomes: string[];
/** How many events are parked in each partition, as shown on /metrics. */
let gauge: Map<number, number>;

beforeEach(async () => {
  [poison, unanswered, reacted, outcomes, gauge] = [new Set(), new Set(), [], [], new Map()];
  drivers = await openTestDrivers();
  store = await drivers.store('test-team');
  views = await Views.current(store, subscriber.name);
  await views.createTables(tablesOf(subscriber));
  await drivers.log.createTopic(topic, { partitions: 2 });
  subscription = await drivers.log.subscribe({ topic, subscription: 'test-team', start: { at: 'earliest' }, consumer: 'test' });
});
afterEach(() => drivers.close());

const nothing = (): void => undefined;
const observer: Observer = {
  processed: (_topic, outcome) => outcomes.push(outcome),
  parked: ({ reason }) => outcomes.push(`parked: ${reason}`),
  unparked: ({ how }) => outcomes.push(how),
  parkedNow: (_topic, partition, count) => gauge.set(partition, count),
  takenOver: nothing,
  fenced: () => outcomes.push('fenced'),
  cursorPutBack: nothing,
  waiting: nothing,
};

interface Differences {
  readonly subscriber?: Partial<Subscriber>;
  readonly write?: ViewStore['write'];
  /** A store that writes in two stages. */
  readonly isStaged?: boolean;
}

function aProcessor(different: Differences = {}): Processor {
  const capabilities = { ...store.capabilities, ...(different.isStaged && { atomicWrite: false, fencesRows: false }) };
  const viewStore = Object.create(store, {
    capabilities: { value: capabilities },
    ...(different.write && { write: { value: different.write } }),
  }) as ViewStore;
  return new Processor({
    subscriber: { ...subscriber, ...different.subscriber },
    log: drivers.log,
    views: Object.create(views, { store: { value: viewStore } }) as Views,
    observer,
    signal: new AbortController().signal,
  });
}

async function delivered(...events: readonly RingsideEvent[]): Promise<Delivery[]> {
  await drivers.log.append(events.map(toRecord));
  return take(events.length);
}

async function take(count: number): Promise<Delivery[]> {
  const taken: Delivery[] = [];
  while (taken.length < count)
    taken.push(...(await subscription.receive({ recordsMax: count - taken.length, waitMsMax: 5_000 })));
  return taken;
}

const aReportOf = (subjectId: string, reason: 'aimbot' | 'other' = 'aimbot') => aReport({ subjectId, reason });
const placeOf = (key: string) => ({ topic, partition: partitionOf(key, 2), key });
const parkedOf = (key: string): Promise<readonly ParkedEvent[]> => pageOfParked(views, placeOf(key), { limit: 100 });
const reasonsOf = async (key: string): Promise<readonly string[]> => (await parkedOf(key)).map(({ reason }) => reason);
const idsOf = async (key: string): Promise<unknown> => (await views.get(subjectRow(key)))?.['ids'];
const figures = async (): Promise<unknown> => (await views.figures('figures', 'all')).get('reports')?.['filed'];

/** Subjects of the partition of this one. */
function neighboursOf(key: string, count: number): readonly string[] {
  const found: string[] = [];
  for (let i = 0; found.length < count; i++) if (partitionOf(`n${i}`, 2) === partitionOf(key, 2)) found.push(`n${i}`);
  return found;
}

describe('what is parked', () => {
  const longest = '\u6f22'.repeat(Math.floor(keyBytesMax / 3));

  it.each(['discarded', 'retried'] as const)(
    'may have the longest key and the largest record of the log, and be %s',
    async (how) => {
      const bytes = Buffer.alloc(drivers.log.capabilities.recordBytesMax, 0xfe);
      await drivers.log.append([{ topic, key: longest, id: 'large', bytes }]);
      const processor = aProcessor();
      await processor.process(await take(1));
      const parked = await parkedOf(longest);
      expect(parked).toMatchObject([{ key: longest, eventId: 'large', reason: 'malformed', bytes: bytes.length }]);
      expect(Buffer.compare((await recordsOf(views, parked))[0]!.bytes, bytes)).toBe(0);
      if (how === 'retried') return expect(await processor.retry(placeOf(longest))).toBe(0);
      expect(await processor.discard(placeOf(longest), 'large')).toBe('discarded');
      for await (const { key } of views.scan('parked_events')) throw new Error(`${key} is still there`);
    },
  );

  it('goes through when it is mended, however long its key is', async () => {
    const report = aReportOf('\u6f22'.repeat(128));
    poison.add(report.data.reportId);
    const processor = aProcessor();
    await processor.process(await delivered(report));
    expect(outcomes).toEqual(['parked: projection']);
    poison.clear();
    expect(await processor.retry(placeOf(report.data.subjectId))).toBe(1);
    expect(await idsOf(report.data.subjectId)).toEqual([report.data.reportId]);
    expect(await parkedOf(report.data.subjectId)).toEqual([]);
  });

  it('has a detail of bounded length', async () => {
    const loud: Projection<RingsideEvent> = {
      ...reportsOfSubject,
      project: () => {
        throw new Error('x'.repeat(2 * valueBytesMax));
      },
    };
    await aProcessor({ subscriber: { projections: [loud] } }).process(await delivered(aReportOf('a')));
    expect((await parkedOf('a'))[0]!.detail).toHaveLength(2_000);
  });

  it('is told apart by key, also where keys are too long to be part of a name', async () => {
    const keys = ['a', 'b'].map((end) => '\u6f22'.repeat(128) + end);
    await drivers.log.append(keys.map((key) => ({ topic, key, id: key.at(-1)!, bytes: Buffer.from('{}') })));
    await aProcessor().process(await take(2));
    for (const key of keys) expect((await parkedOf(key)).map(({ eventId }) => eventId)).toEqual([key.at(-1)]);
  });
});

describe('an event that makes the code throw is parked alone', () => {
  const [bad, good] = [aReportOf('a'), aReportOf('b')];
  const isBad = (event: RingsideEvent): boolean => reportIdOf(event) === bad.data.reportId;
  const throwing = (): never => {
    throw new TypeError('cannot read what is not there');
  };
  const writing = (row: object): Partial<Subscriber> => ({
    projections: [
      {
        ...reportsOfSubject,
        project: (event, rows) =>
          isBad(event)
            ? [{ kind: 'put', ...subjectRow('a'), value: {}, ...row } as never]
            : reportsOfSubject.project(event, rows),
      },
    ],
  });
  const cases: [string, Partial<Subscriber>][] = [
    ['entity', { projections: [{ ...reportsOfSubject, entity: (e) => (isBad(e) ? throwing() : reportsOfSubject.entity(e)) }] }],
    ['reads', { projections: [{ ...reportsOfSubject, reads: (e) => (isBad(e) ? throwing() : []) }] }],
    ['identity', { identity: (e) => (isBad(e) ? throwing() : undefined) }],
    [
      'an entity without a storable name',
      { identity: (e) => ({ table: 'subjects', partition: isBad(e) ? '' : reportIdOf(e) }) },
    ],
    ['a row whose key is too long', writing({ key: 'x'.repeat(nameBytesMax + 1) })],
    ['a row that is too large', writing({ value: { text: 'x'.repeat(valueBytesMax) } })],
    ['a figure whose key is too long', writing({ kind: 'count', key: 'x'.repeat(nameBytesMax), amounts: { filed: 1 } })],
  ];

  it.each(cases)('by %s', async (_what, different) => {
    await aProcessor({ subscriber: different }).process(await delivered(bad, good));
    expect(outcomes.toSorted()).toEqual(['parked: projection', 'projected']);
    expect(await reasonsOf('a')).toEqual(['projection']);
    expect(await idsOf('b')).toEqual([good.data.reportId]);
  });

  it('by concerns, of which only the reaction is outstanding', async () => {
    const reaction = { ...answer, concerns: (event: RingsideEvent) => (isBad(event) ? throwing() : false) };
    await aProcessor({ subscriber: { reactions: [reaction] } }).process(await delivered(bad, good));
    expect(await parkedOf('a')).toMatchObject([{ reason: 'reaction', reactionOnly: true }]);
    expect(await idsOf('a')).toEqual([bad.data.reportId]);
  });
});

describe('tries', () => {
  it('are four for a projection', async () => {
    let tries = 0;
    const counted = {
      ...reportsOfSubject,
      project: () => {
        tries += 1;
        throw new TypeError('cannot read what is not there');
      },
    };
    await aProcessor({ subscriber: { projections: [counted] } }).process(await delivered(aReportOf('a')));
    expect(tries).toBe(4);
  });

  it('do not wait for each of many poisoned events', async () => {
    const reports = Array.from({ length: 200 }, (_, i) => aReportOf(`s${i}`));
    for (const { data } of reports) poison.add(data.reportId);
    const deliveries = await delivered(...reports);
    const begun = performance.now();
    await aProcessor().process(deliveries);
    // Waiting for each would take 10 s.
    expect(performance.now() - begun).toBeLessThan(5_000);
    expect(outcomes.filter((outcome) => outcome === 'parked: projection')).toHaveLength(200);
  });

  it('of a retry keep the order where one fails half-way', async () => {
    const [a, b, c] = [1, 2, 3].map(() => aReportOf('s', 'other'));
    for (const { data } of [a!, b!]) poison.add(data.reportId);
    const processor = aProcessor();
    await processor.process(await delivered(a!, b!, c!));
    poison = new Set([b!.data.reportId]);
    unanswered = new Set([a!.data.reportId]);
    expect(await processor.retry(placeOf('s'))).toBe(0);
    expect(await parkedOf('s')).toMatchObject([
      { eventId: a!.id, reason: 'reaction', reactionOnly: true },
      { eventId: b!.id, reactionOnly: false },
      { eventId: c!.id, reactionOnly: false },
    ]);
    [poison, unanswered] = [new Set(), new Set()];
    expect(await processor.retry(placeOf('s'))).toBe(3);
    expect(reacted).toEqual([a, b, c].map((report) => report!.data.reportId));
    expect(await idsOf('s')).toEqual(reacted);
  });
});

describe('numbers of retried events', () => {
  /** A mended deployment after one whose batch was cut off behind its rows, with one event parked before. */
  async function cutOff(): Promise<readonly Delivery[]> {
    const first = aReportOf('a');
    poison.add(first.data.reportId);
    await aProcessor().process(await delivered(first));
    const batch = await delivered(aReportOf('a'), ...neighboursOf('a', 5).map((subject) => aReportOf(subject)));
    const crash = (): never => {
      throw new Error('the process is killed');
    };
    const write: ViewStore['write'] = (rows, options) =>
      options?.checkpoints?.some(({ position }) => position === batch.at(-1)!.position) ? crash() : store.write(rows, options);
    await expect(aProcessor({ write }).process(batch)).rejects.toThrow('killed');
    expect(await figures()).toBe(5); // of which the checkpoint knows nothing
    poison.clear();
    return batch;
  }

  it('are none of those that a batch has used which was cut off', async () => {
    const batch = await cutOff();
    const processor = aProcessor();
    await processor.process(batch.slice(0, 2));
    await processor.process(batch.slice(2));
    expect(await figures()).toBe(7);
    expect(await idsOf('a')).toHaveLength(2);
    expect(await parkedOf('a')).toEqual([]);
  });

  it('are not given out by a command before the batch has come again', async () => {
    const batch = await cutOff();
    const processor = aProcessor();
    expect(await processor.retry(placeOf('a'))).toBe('unsettled');
    expect(await processor.discard(placeOf('a'), (await parkedOf('a'))[0]!.eventId)).toBe('unsettled');
    await processor.process(batch);
    expect(await figures()).toBe(7);
  });

  it('stay with what a batch that was cut off has parked, though it could be projected by now', async () => {
    const poisoned = aReportOf('a');
    poison.add(poisoned.data.reportId);
    const batch = await delivered(poisoned, ...neighboursOf('a', 3).map((subject) => aReportOf(subject)));
    const isLast = (position: string | null): boolean => position === batch.at(-1)!.position;
    const write: ViewStore['write'] = (rows, options) => {
      if (options?.checkpoints?.some(({ position }) => isLast(position))) throw new Error('the process is killed');
      return store.write(rows, options);
    };
    await expect(aProcessor({ write }).process(batch)).rejects.toThrow('killed');
    poison.clear();
    const processor = aProcessor();
    await processor.process(batch);
    expect(await parkedOf('a')).toEqual([]);
    expect(await idsOf('a')).toHaveLength(1);
    expect(await figures()).toBe(4);
  });

  describe.each(['dies', 'goes on'] as const)('where a retry was cut off between two stages, and its process %s', (fate) => {
    it('are those that it had, before anything else is numbered', async () => {
      const first = aReportOf('a');
      poison.add(first.data.reportId);
      await aProcessor().process(await delivered(first, aReportOf('b')));
      poison.clear();
      let isCut = false;
      const write: ViewStore['write'] = async (rows, options) => {
        if (isCut || !options?.last?.some(({ table }) => table.startsWith('subjects'))) return store.write(rows, options);
        isCut = true;
        await store.write(rows);
        throw new Error('the write is cut off');
      };
      const cut = aProcessor({ write, isStaged: true });
      await expect(cut.retry(placeOf('a'))).rejects.toThrow('cut off');
      expect(await figures()).toBe(2); // which count what no case has
      expect(await idsOf('a')).toBeUndefined();
      const next = fate === 'dies' ? aProcessor({ isStaged: true }) : cut;
      await next.process(await delivered(...neighboursOf('a', 3).map((subject) => aReportOf(subject))));
      await next.retry(placeOf('a'));
      expect(await figures()).toBe(5);
      expect(await idsOf('a')).toEqual([first.data.reportId]);
      expect(await parkedOf('a')).toEqual([]);
    });
  });

  it('stay with what came before an event of its key that such a batch has parked', async () => {
    const poisoned = aReportOf('a');
    poison.add(poisoned.data.reportId);
    const batch = await delivered(aReportOf('a'), poisoned, aReportOf('a'));
    const write: ViewStore['write'] = async (rows, options) => {
      if (!options?.last?.some(({ table }) => table.startsWith('subjects'))) return store.write(rows, options);
      await store.write(rows);
      throw new Error('the process is killed');
    };
    await expect(aProcessor({ write, isStaged: true }).process(batch)).rejects.toThrow('killed');
    expect(await figures()).toBe(1);
    const processor = aProcessor({ isStaged: true });
    await processor.process(batch);
    expect(outcomes).toEqual(['projected']);
    expect((await parkedOf('a')).map(({ reason }) => reason)).toEqual(['projection', 'behind']);
    poison.clear();
    await processor.retry(placeOf('a'));
    expect(await figures()).toBe(3);
    expect(await idsOf('a')).toHaveLength(3);
  });

  it('are not given out by the process whose own write failed', async () => {
    const first = aReportOf('a');
    poison.add(first.data.reportId);
    let isFailing = false;
    const write: ViewStore['write'] = (rows, options) => {
      if (isFailing && options?.last?.some(({ table }) => table.startsWith('parked'))) throw new Error('a bug');
      return store.write(rows, options);
    };
    const processor = aProcessor({ write });
    await processor.process(await delivered(first));
    isFailing = true;
    const batch = await delivered(aReportOf('a'), ...neighboursOf('a', 2).map((subject) => aReportOf(subject)));
    await expect(processor.process(batch)).rejects.toThrow('a bug');
    isFailing = false;
    poison.clear();
    expect(await processor.retry(placeOf('a'))).toBe('unsettled');
    await processor.process(batch);
    expect(await processor.retry(placeOf('a'))).toBe(2);
    expect(await figures()).toBe(4);
  });

  it('are none of those of a batch that a process without its partition has under way', async () => {
    const first = aReportOf('a');
    poison.add(first.data.reportId);
    let [release, reached] = [nothing, nothing];
    const released = new Promise<void>((resolve) => (release = resolve));
    const reacting = new Promise<void>((resolve) => (reached = resolve));
    const slow: Reaction = {
      ...answer,
      react: async () => {
        reached();
        await released;
        return [];
      },
    };
    const before = aProcessor({ subscriber: { reactions: [slow] } });
    await before.process(await delivered(first));
    const batch = await delivered(...neighboursOf('a', 3).map((subject) => aReportOf(subject, 'other')));
    const underWay = before.process(batch);
    await reacting;
    poison.clear();
    await aProcessor().process(batch.map((delivery) => ({ ...delivery, assignment: delivery.assignment + 1 })));
    release();
    await underWay;
    expect(outcomes).not.toContain('fenced');
    await before.rest(topic); // its next write tells it
    expect(outcomes).toContain('fenced');
    expect(await figures()).toBe(4);
  });
});

describe('parked events of a partition where nothing comes', () => {
  it('are shown, and tried again, by the process that holds it', async () => {
    const report = aReportOf('a');
    const { partition } = placeOf('a');
    poison.add(report.data.reportId);
    await aProcessor().process(await delivered(report));
    gauge.clear();
    await aProcessor().tend(topic, [0, 1]);
    expect(gauge).toEqual(new Map([[partition, 1]]));
    poison.clear();
    await aProcessor().tend(topic, [0, 1]);
    expect(gauge).toEqual(new Map([[partition, 0]]));
    expect(await idsOf('a')).toEqual([report.data.reportId]);
  });

  it('are not shown by one that has lost it', async () => {
    const report = aReportOf('a');
    poison.add(report.data.reportId);
    const processor = aProcessor();
    await processor.process(await delivered(report));
    await processor.tend(topic, []);
    expect(gauge.get(placeOf('a').partition)).toBe(0);
  });

  it('are tried some at a time, so that new events do not wait for all of them', async () => {
    const reports = Array.from({ length: 60 }, (_, i) => aReportOf(`s${i}`));
    for (const { data } of reports) poison.add(data.reportId);
    await aProcessor().process(await delivered(...reports));
    poison.clear();
    const processor = aProcessor();
    await processor.process(await delivered(aReportOf('a'), aReportOf('b')));
    const through = (): number => outcomes.filter((outcome) => outcome === 'retried').length;
    expect(through()).toBeLessThanOrEqual(20);
    for (let looks = 0; through() < 60 && looks < 200; looks++) await processor.tend(topic, [0, 1]);
    expect(await figures()).toBe(62);
  });
});

describe('a discard', () => {
  it('says so where the partition was lost in the meantime', async () => {
    const report = aReportOf('a');
    poison.add(report.data.reportId);
    let isRacing = false;
    const write: ViewStore['write'] = async (rows, options) => {
      if (isRacing && rows.length > 0) await store.takeOver(views.checkpointName(topic), placeOf('a').partition);
      return store.write(rows, options);
    };
    const processor = aProcessor({ write });
    await processor.process(await delivered(report));
    isRacing = true;
    expect(await processor.discard(placeOf('a'), report.id)).toBe('fenced');
    expect(await reasonsOf('a')).toEqual(['projection']);
  });
});
