import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { UnavailableError, type Projection } from '@ringside/core';
import type { Delivery, Subscription } from '@ringside/event-log';
import { standalone } from '@ringside/data-ring';
import { toRecord, type RingsideEvent } from '@ringside/events';
import { aReport, openTestDrivers, until, type TestDrivers } from '@ringside/testing';
import type { ViewStore } from '@ringside/view-store';

import type { Observer } from './observer.js';
import { pageOfParked, recordsOf } from './parking.js';
import type { PlacedSubscriber } from './placed-subscriber.js';
import { Processor } from './processor.js';
import { tablesOf, type Reaction } from './subscriber.js';
import { Views } from './views.js';

const topic = 'reports';
/** Events of these reports make the projection throw. */
let poison: Set<string>;
let reacted: string[];
let reactionFails: boolean;

/** Keeps the ids of reports per subject, in the order in which they came. */
const reportsOfSubject: Projection<RingsideEvent> = {
  name: 'ReportsOfSubject',
  tables: ['subjects'],
  entity: (event) =>
    event.type === 'ReportFiled' ? { table: 'subjects', partition: event.data.subjectId, key: 'reports' } : undefined,
  project: (event, rows) => {
    if (event.type !== 'ReportFiled') return [];
    if (poison.has(event.data.reportId)) throw new TypeError('cannot read what is not there');
    const row = { table: 'subjects', partition: event.data.subjectId, key: 'reports' };
    const ids = (rows.get(row)?.['ids'] as string[] | undefined) ?? [];
    return [{ kind: 'put', ...row, value: { ids: [...ids, event.data.reportId] } }];
  },
};

const remember: Reaction = {
  name: 'Remember',
  concerns: (event) => event.type === 'ReportFiled' && event.data.reason === 'other',
  react: async (event) => {
    if (reactionFails) throw new Error('not now');
    reacted.push(event.id);
    return [];
  },
};

const subscriber: PlacedSubscriber = {
  placement: standalone('local'),
  name: 'test-team',
  topics: [topic],
  projections: [reportsOfSubject],
  identity: (event) => (event.type === 'ReportFiled' ? { table: 'subjects', partition: event.data.subjectId } : undefined),
  reactions: [remember],
};

class Seen implements Observer {
  readonly outcomes: string[] = [];
  waits = 0;
  processed(_topic: string, outcome: string): void {
    this.outcomes.push(outcome);
  }
  parked({ reason }: { reason: string }): void {
    this.outcomes.push(`parked: ${reason}`);
  }
  unparked({ how }: { how: string }): void {
    this.outcomes.push(how);
  }
  parkedNow(): void {
    // Shown on /metrics.
  }
  takenOver(): void {
    // Shown in the log.
  }
  fenced(): void {
    this.outcomes.push('fenced');
  }
  cursorPutBack(): void {
    this.outcomes.push('cursor put back');
  }
  waiting(): void {
    this.waits += 1;
  }
}

let drivers: TestDrivers;
let store: ViewStore;
let views: Views;
let seen: Seen;
let subscription: Subscription;

beforeEach(async () => {
  [poison, reacted, reactionFails, seen] = [new Set(), [], false, new Seen()];
  drivers = await openTestDrivers();
  store = await drivers.store('test-team');
  views = await Views.current(store, subscriber.name);
  await views.createTables(tablesOf(subscriber));
  await drivers.log.createTopic(topic, { partitions: 2 });
  subscription = await drivers.log.subscribe({ topic, subscription: 'test-team', start: { at: 'earliest' }, consumer: 'test' });
});
afterEach(() => drivers.close());

const processorOn = (viewStore: ViewStore, observer: Observer = seen, of: PlacedSubscriber = subscriber): Processor => {
  const onStore = Object.create(views, { store: { value: viewStore } }) as Views;
  const signal = new AbortController().signal;
  return new Processor({ subscriber: of, log: drivers.log, views: onStore, observer, signal });
};

const append = (...events: readonly RingsideEvent[]) => drivers.log.append(events.map(toRecord));

async function take(count: number): Promise<Delivery[]> {
  const taken: Delivery[] = [];
  while (taken.length < count)
    taken.push(...(await subscription.receive({ recordsMax: count - taken.length, waitMsMax: 5_000 })));
  return taken;
}

const idsOf = async (subjectId: string): Promise<unknown> =>
  (await views.get({ table: 'subjects', partition: subjectId, key: 'reports' }))?.['ids'];

async function parkedOf(subjectId: string): Promise<readonly string[]> {
  const pages = await Promise.all(
    [0, 1].map((partition) => pageOfParked(views, { topic, partition, key: subjectId }, { limit: 100 })),
  );
  return pages.flat().map(({ reason }) => reason);
}

const partitionOfKey = (deliveries: readonly Delivery[], key: string): number =>
  deliveries.find((delivery) => delivery.key === key)!.partition;

describe('Processor', () => {
  it('decodes what its subscriber does not know, and believes what it knows no sooner than the rest', async () => {
    const [known, misplaced, unknown] = ['known', 'misplaced', 'unknown'].map((subjectId) => aReport({ subjectId }));
    const unreadable = (event: RingsideEvent) => ({ ...toRecord(event), bytes: Buffer.from('no event') });
    await drivers.log.append([unreadable(known!), unreadable(misplaced!), toRecord(unknown!)]);
    const knowing: PlacedSubscriber = {
      ...subscriber,
      placement: {
        ...subscriber.placement,
        mayLieHere: (_topic, { id }) => (id === misplaced!.id ? { code: 'wrong_topic', message: 'Not here.' } : undefined),
      },
      known: ({ id }) => [known, misplaced].find((one) => one!.id === id),
    };
    await processorOn(store, seen, knowing).process(await take(3));
    expect(await Promise.all(['known', 'misplaced', 'unknown'].map(idsOf))).toEqual([
      [known!.data.reportId],
      undefined,
      [unknown!.data.reportId],
    ]);
    expect(await parkedOf('misplaced')).toEqual(['not_allowed']);
  });

  it('passes over what the checkpoint has', async () => {
    await append(aReport());
    const deliveries = await take(1);
    await processorOn(store).process(deliveries);
    await processorOn(store).process(deliveries);
    expect(seen.outcomes).toEqual(['projected', 'already_processed']);
  });

  it('has records come again from its checkpoint on where an assignment begins behind a gap', async () => {
    const reports = [1, 2, 3, 4].map(() => aReport({ subjectId: 'a' }));
    await append(reports[0]!);
    const first = await take(1);
    await processorOn(store).process(first);
    await append(reports[1]!, reports[2]!);
    await subscription.acknowledge([...first, ...(await take(2))]); // by somebody who wrote other views
    await append(reports[3]!);
    const processor = processorOn(store);
    const { partition } = first[0]!;
    expect(await processor.process(await take(1))).toEqual({ lost: [partition] });
    await subscription.redeliver(partition);
    await processor.process(await take(3));
    expect(await idsOf('a')).toEqual(reports.map(({ data }) => data.reportId));
    expect(seen.outcomes).toEqual(['projected', 'cursor put back', 'projected', 'projected', 'projected']);
  });

  it('has all come again where the views have nothing yet, and leaves other partitions alone', async () => {
    const [a, b] = [aReport({ subjectId: 'a' }), aReport({ subjectId: 'b' })];
    await append(a, b);
    const taken = await take(2);
    await subscription.acknowledge(taken);
    const cursorsNow = () => drivers.log.backlog(topic, 'test-team');
    await until('the cursors are written', async () => (await cursorsNow()).every(({ backlog }) => backlog === 0));
    await append(aReport({ subjectId: 'a' }));
    const [third] = await take(1);
    expect(await processorOn(store).process([third!])).toEqual({ lost: [third!.partition] });
    const cursors = await cursorsNow();
    const other = taken.find(({ key }) => key === 'b')!;
    expect(cursors.map(({ partition, cursor }) => [partition, cursor])).toContainEqual([third!.partition, null]);
    expect(cursors.map(({ partition, cursor }) => [partition, cursor])).toContainEqual([other.partition, other.position]);
  });

  it('parks an event whose projection throws, later ones of its key behind it, and lets other keys flow', async () => {
    const [bad, behind, other] = [aReport({ subjectId: 'a' }), aReport({ subjectId: 'a' }), aReport({ subjectId: 'b' })];
    poison.add(bad.data.reportId);
    await append(bad, behind, other);
    await processorOn(store).process(await take(3));
    expect(await parkedOf('a')).toEqual(['projection', 'behind']);
    expect(await idsOf('a')).toBeUndefined();
    expect(await idsOf('b')).toEqual([other.data.reportId]);
  });

  it('parks what is not of the contract with its raw bytes', async () => {
    const bytes = Buffer.from([0xff, 0x00, 0x7b]);
    await drivers.log.append([{ topic, key: 'a', id: 'not-an-event', bytes }]);
    const deliveries = await take(1);
    await processorOn(store).process(deliveries);
    const [parked] = await pageOfParked(views, { topic, partition: deliveries[0]!.partition }, { limit: 10 });
    expect(parked).toMatchObject({ reason: 'malformed', eventId: 'not-an-event', key: 'a' });
    expect((await recordsOf(views, [parked!]))[0]!.bytes).toEqual(bytes);
  });

  it('tries parked events again in their order, and goes on with new ones after them', async () => {
    const reports = [1, 2, 3].map(() => aReport({ subjectId: 'a' }));
    poison.add(reports[0]!.data.reportId);
    await append(...reports.slice(0, 2));
    const deliveries = await take(2);
    const processor = processorOn(store);
    await processor.process(deliveries);
    poison.clear();
    expect(await processor.retry({ topic, partition: partitionOfKey(deliveries, 'a'), key: 'a' })).toBe(2);
    await append(reports[2]!);
    await processor.process(await take(1));
    expect(await idsOf('a')).toEqual(reports.map(({ data }) => data.reportId));
    expect(await parkedOf('a')).toEqual([]);
  });

  it('tries them again where no record has come since it started', async () => {
    const bad = aReport({ subjectId: 'a' });
    poison.add(bad.data.reportId);
    await append(bad);
    const deliveries = await take(1);
    await processorOn(store).process(deliveries);
    poison.clear();
    expect(await processorOn(store).retry({ topic, partition: partitionOfKey(deliveries, 'a'), key: 'a' })).toBe(1);
    expect(await idsOf('a')).toEqual([bad.data.reportId]);
  });

  it('leaves what fails again as it was', async () => {
    const reports = [1, 2].map(() => aReport({ subjectId: 'a' }));
    poison.add(reports[0]!.data.reportId);
    await append(...reports);
    const deliveries = await take(2);
    const processor = processorOn(store);
    await processor.process(deliveries);
    expect(await processor.retry({ topic, partition: partitionOfKey(deliveries, 'a'), key: 'a' })).toBe(0);
    expect(await parkedOf('a')).toEqual(['projection', 'behind']);
  });

  it('tries them again by itself when a process takes the partition over', async () => {
    const [bad, later] = [aReport({ subjectId: 'a' }), aReport({ subjectId: 'a' })];
    poison.add(bad.data.reportId);
    await append(bad);
    await processorOn(store).process(await take(1));
    poison.clear();
    await append(later);
    await processorOn(store).process(await take(1));
    expect(await idsOf('a')).toEqual([bad.data.reportId, later.data.reportId]);
  });

  it('discards the first parked event of a key, and no other', async () => {
    const reports = [1, 2].map(() => aReport({ subjectId: 'a' }));
    poison.add(reports[0]!.data.reportId);
    await append(...reports);
    const deliveries = await take(2);
    const processor = processorOn(store);
    await processor.process(deliveries);
    const partition = partitionOfKey(deliveries, 'a');
    expect(await processor.discard({ topic, partition, key: 'a' }, reports[1]!.id)).toBe('not_first');
    expect(await processor.discard({ topic, partition, key: 'a' }, reports[0]!.id)).toBe('discarded');
    expect(await idsOf('a')).toEqual([reports[1]!.data.reportId]);
  });

  it('writes nothing, moves no checkpoint and says so once another process has taken over', async () => {
    const [before, after] = [aReport({ subjectId: 'a' }), aReport({ subjectId: 'a' })];
    await append(before);
    const stale = processorOn(store);
    const first = await take(1);
    await stale.process(first);
    await append(after);
    const second = await take(1);
    await store.takeOver(views.checkpointName(topic), first[0]!.partition);
    expect(await stale.process(second)).toEqual({ lost: [first[0]!.partition] });
    expect(await idsOf('a')).toEqual([before.data.reportId]);
    expect(seen.outcomes).toEqual(['projected', 'fenced']);
  });

  it('still writes the partitions that it holds when it has lost one', async () => {
    const reports = ['a', 'b', 'c', 'd', 'e', 'f'].map((subjectId) => aReport({ subjectId }));
    await append(...reports);
    const warmUp = await take(reports.length);
    const processor = processorOn(store);
    await processor.process(warmUp);
    const again = reports.map(({ data }) => aReport({ subjectId: data.subjectId }));
    await append(...again);
    const deliveries = await take(again.length);
    expect(new Set(deliveries.map(({ partition }) => partition)).size).toBe(2);
    await store.takeOver(views.checkpointName(topic), 0);
    expect(await processor.process(deliveries)).toEqual({ lost: [0] });
    for (const { partition, key } of deliveries) expect(await idsOf(key)).toHaveLength(partition === 0 ? 1 : 2);
  });

  it('waits for a store that is away, and parks nothing', async () => {
    let failures = 3;
    const flaky = Object.create(store, {
      write: {
        value: (...args: Parameters<ViewStore['write']>) => {
          if (failures-- > 0) throw new UnavailableError('view-store', 'away');
          return store.write(...args);
        },
      },
    }) as ViewStore;
    const report = aReport();
    await append(report);
    await processorOn(flaky).process(await take(1));
    expect(seen.outcomes).toEqual(['projected']);
    expect(seen.waits).toBe(3);
    expect(await idsOf(report.data.subjectId)).toEqual([report.data.reportId]);
  });

  it('reacts once the views have the event, and parks only the reaction when that fails', async () => {
    const [first, second] = [aReport({ subjectId: 'a', reason: 'other' }), aReport({ subjectId: 'a', reason: 'other' })];
    reactionFails = true;
    await append(first, second);
    const deliveries = await take(2);
    const processor = processorOn(store);
    await processor.process(deliveries);
    expect(await parkedOf('a')).toEqual(['reaction', 'behind']);
    expect(await idsOf('a')).toEqual([first.data.reportId, second.data.reportId]);
    reactionFails = false;
    await processor.retry({ topic, partition: partitionOfKey(deliveries, 'a'), key: 'a' });
    expect(reacted).toEqual([first.id, second.id]);
    expect(await idsOf('a')).toEqual([first.data.reportId, second.data.reportId]);
    expect(await parkedOf('a')).toEqual([]);
  });

  it('reacts to different keys at once, to each in order, and parks behind a failure only what is of its key', async () => {
    const about = (subjectId: string) => aReport({ subjectId, reason: 'other' });
    const [a1, b1, a2, a3, b2] = [about('a'), about('b'), about('a'), about('a'), about('b')];
    const begun: string[] = [];
    let both = (): void => undefined;
    const bothBegun = new Promise<void>((resolve) => (both = resolve));
    const meeting: Reaction = {
      ...remember,
      react: async (event, context) => {
        begun.push(event.id);
        if (begun.includes(a1.id) && begun.includes(b1.id)) both();
        await bothBegun; // if keys took turns, the first would wait for the second for ever
        if (event.id === a2.id) throw new Error('not now');
        return remember.react(event, context);
      },
    };
    await append(a1, b1, a2, a3, b2);
    await processorOn(store, seen, { ...subscriber, reactions: [meeting] }).process(await take(5));
    expect(reacted.filter((id) => id === a1.id || id === a3.id)).toEqual([a1.id]);
    expect(reacted.filter((id) => id === b1.id || id === b2.id)).toEqual([b1.id, b2.id]);
    expect([await parkedOf('a'), await parkedOf('b')]).toEqual([['reaction', 'behind'], []]);
  });
});
