import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { caseFiles, caseOf, caseTables, filedReports, type CaseRules } from '@ringside/casework';
import type { Projection } from '@ringside/core';
import { standalone } from '@ringside/data-ring';
import { reasonsOf, toRecord, type RingsideEvent } from '@ringside/events';
import type { Delivery } from '@ringside/event-log';
import { aReport, openTestDrivers, reportIdOf, rerouted, until, type TestDrivers } from '@ringside/testing';
import { DamagedValueError, type Row, type ViewStore } from '@ringside/view-store';

import type { Observer } from './observer.js';
import { pageOfParked } from './parking.js';
import type { PlacedSubscriber } from './placed-subscriber.js';
import { Processor } from './processor.js';
import { RebuildFencedError } from './rebuild-generations.js';
import { Rebuild, watermarkOf } from './rebuild.js';
import { dropOldViews, rebuildViews, rollBackViews, type RebuildHelper, type RebuildReport } from './rebuild-views.js';
import { tablesOf, type Reaction } from './subscriber.js';
import { Views } from './views.js';

const topic = 'reports';
const captured = new Set<string>(reasonsOf('cheating'));
const rules: CaseRules = {
  team: 'cheating',
  captures: (reason) => captured.has(reason),
  weigh: () => ({ severity: 5, decideWithinHours: 24 }),
};

/** Reports that make a projection throw, and those whose reaction does. */
let poison: Set<string>;
let unanswered: Set<string>;

const poisoned = (projection: Projection<RingsideEvent>): Projection<RingsideEvent> => ({
  ...projection,
  project: (event, rows) => {
    if (poison.has(reportIdOf(event))) throw new TypeError('cannot read what is not there');
    return projection.project(event, rows);
  },
});
const answer: Reaction = {
  name: 'Answer',
  concerns: () => true,
  react: async (event) => {
    if (unanswered.has(reportIdOf(event))) throw new Error('not now');
    return [];
  },
};
const subscriber: PlacedSubscriber = {
  placement: standalone('local'),
  name: 'cheating-team',
  topics: [topic],
  projections: [poisoned(caseFiles(rules)), filedReports(rules)],
  identity: (event) => {
    const partition = caseOf(event, rules);
    return partition === undefined ? undefined : { table: caseTables.cases, partition };
  },
  reactions: [answer],
};

const nothing = (): void => undefined;
const unobserved: Observer = {
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
let store: ViewStore;
let live: Views;
let processor: Processor;

beforeEach(async () => {
  [poison, unanswered] = [new Set(), new Set()];
  drivers = await openTestDrivers();
  store = await drivers.store(subscriber.name);
  live = await Views.current(store, subscriber.name);
  await live.createTables(tablesOf(subscriber));
  await drivers.log.createTopic(topic, { partitions: 3 });
  processor = processorOf(live);
});
afterEach(() => drivers.close());

const processorOf = (views: Views, by: PlacedSubscriber = subscriber): Processor => {
  const signal = new AbortController().signal;
  return new Processor({ subscriber: by, log: drivers.log, views, observer: unobserved, signal });
};

/** Takes whatever is new on the log to the live views, as the service does, `batchSize` events of a partition at a time. */
async function takeNew(batchSize = 7): Promise<void> {
  const taken = new Map((await watermarkOf(live, subscriber)).map(({ partition, position }) => [partition, position]));
  for (const partition of [0, 1, 2]) {
    const deliveries: Delivery[] = [];
    const after = taken.get(partition) ?? null;
    for await (const record of drivers.log.read({ topic, partition, ...(after === null ? {} : { after: after as never }) })) {
      deliveries.push({ ...record, assignment: 1 });
    }
    while (deliveries.length > 0) await processor.process(deliveries.splice(0, batchSize));
  }
}

async function publish(...events: readonly RingsideEvent[]): Promise<void> {
  await drivers.log.append(events.map(toRecord));
  await takeNew();
}

/** Reports about few subjects by few reporters, some handed over; each differs from run to run in its ids alone. */
function manyEvents(count: number, prefix = 's'): RingsideEvent[] {
  return Array.from({ length: count }, (_, i) => {
    const given = { subjectId: `${prefix}${i % 7}`, reporterId: `r${i % 5}`, game: i % 3 ? 'stormfall' : 'kickoff' };
    const report = aReport({ ...given, reason: i % 4 ? 'aimbot' : 'spam' });
    return i % 6 === 5 ? [report, rerouted(report, i % 2 ? 'harassment' : 'wallhack')] : [report];
  }).flat();
}

const options = () => ({ subscriber, log: drivers.log, store });
const check = (): Promise<RebuildReport> => rebuildViews({ ...options(), check: true });
const rowsIn = async (views: Views, table: string): Promise<number> => {
  let count = 0;
  for await (const _ of views.scan(table)) count += 1;
  return count;
};
const partitionOf = async (key: string): Promise<number> => {
  for (const partition of [0, 1, 2]) {
    for await (const record of drivers.log.read({ topic, partition })) if (record.key === key) return partition;
  }
  throw new Error(`No record has the key ${key}.`);
};

/** The store, where something else happens once, when a table is first scanned to its end. */
function scanningOf(table: string, happening: () => Promise<void>): ViewStore {
  let happened = false;
  async function* scan(scanned: string): AsyncIterable<Row> {
    yield* store.scan(scanned);
    if (scanned !== table || happened) return;
    happened = true;
    await happening();
  }
  // Without the quicker way, so that both tables are scanned.
  return Object.create(store, { scan: { value: scan }, unlike: { value: undefined } }) as ViewStore;
}

describe('rebuilt views', () => {
  it('equal the live ones row for row, and a check leaves nothing behind', async () => {
    const events = manyEvents(120);
    await publish(...events, events[3]!, events[40]!);
    const { parity, live: isLive, events: read } = await check();
    expect(parity.differences).toEqual([]);
    expect(parity.lookedAtAgain).toBe(0);
    expect(read).toBe(events.length + 2);
    for (const table of tablesOf(subscriber)) expect(parity.rows.get(table)).toBe(await rowsIn(live, table));
    expect(parity.rows.get(caseTables.timeline)).toBeGreaterThan(100);
    expect(isLive).toBe(false);
    expect((await store.tables()).filter((table) => table.endsWith('_g2'))).toEqual([]);
    expect((await Views.current(store, subscriber.name)).generation).toBe(1);
  });

  it('are filled by helpers, each with a share of the source partitions, and then by the rebuild itself', async () => {
    await publish(...manyEvents(150));
    const shares: number[] = [];
    const helper: RebuildHelper = async ({ generation, watermark, onBatch }) => {
      shares.push(watermark.reduce((sum, { ordinal }) => sum + ordinal, 0));
      const target = live.ofGeneration(generation);
      await Rebuild.share({ subscriber, log: drivers.log, live, target, onBatch }).advance(watermark);
      if (shares.length === 2) await publish(...manyEvents(10, 'later'));
    };
    const report = await rebuildViews({ ...options(), helpers: [helper, helper], helpedEventsMin: 1 });
    expect(report.parity.differences).toEqual([]);
    expect(report.live).toBe(true);
    expect(shares.every((events) => events > 0)).toBe(true);
    expect(report.events).toBe((await watermarkOf(live, subscriber)).reduce((sum, { ordinal }) => sum + ordinal, 0));
  });

  it('are dropped where a helper fails, once the others have ended', async () => {
    await publish(...manyEvents(30));
    let ended = false;
    const failing: RebuildHelper = () => Promise.reject(new Error('no thread to be had'));
    const slow: RebuildHelper = async ({ generation, watermark }) => {
      const target = live.ofGeneration(generation);
      await Rebuild.share({ subscriber, log: drivers.log, live, target }).advance(watermark);
      ended = true;
    };
    const rebuilding = rebuildViews({ ...options(), helpers: [failing, slow], helpedEventsMin: 1 });
    await expect(rebuilding).rejects.toThrow('no thread to be had');
    expect(ended).toBe(true);
    expect((await store.tables()).filter((table) => table.endsWith('_g2'))).toEqual([]);
  });

  it('are dropped where a helper fails, for the others end as well', async () => {
    await publish(...manyEvents(30));
    const endless: RebuildHelper = ({ signal }) =>
      new Promise((_, reject) => signal?.addEventListener('abort', () => reject(new Error('stopped'))));
    const failing: RebuildHelper = () => Promise.reject(new Error('no thread to be had'));
    const rebuilding = rebuildViews({ ...options(), helpers: [endless, failing, endless], helpedEventsMin: 1 });
    await expect(rebuilding).rejects.toThrow('no thread to be had');
    expect((await store.tables()).filter((table) => table.endsWith('_g2'))).toEqual([]);
  });

  it('differ in a row that was lost, changed or invented in the live ones, and say which fields', async () => {
    await publish(...manyEvents(60));
    const [pointer] = await live.page(caseTables.playerCases, 's1', { limit: 1 });
    const row = { table: caseTables.cases, partition: pointer!.key, key: 'case' };
    const { value, timestamp } = (await store.get({ ...row, table: live.physical(row.table) }))!;
    const [timeline] = await live.page(caseTables.timeline, pointer!.key, { limit: 1 });
    const lost = { table: caseTables.timeline, partition: pointer!.key, key: timeline!.key };
    await store.write([
      live.addressed({ kind: 'put', ...row, timestamp: timestamp + 1, value: { ...value, reportCount: 99 } }),
      live.addressed({ kind: 'delete', ...lost, timestamp: timeline!.timestamp + 1 }),
      live.addressed({ kind: 'put', table: caseTables.lists, partition: 'open', key: 'ghost', timestamp: 1, value: {} }),
    ]);
    const { differences } = (await check()).parity;
    expect(differences).toHaveLength(3);
    expect(differences).toEqual(
      expect.arrayContaining([
        { ...row, kind: 'differs', fields: ['reportCount'] },
        { ...lost, kind: 'only rebuilt', fields: [] },
        { table: caseTables.lists, partition: 'open', key: 'ghost', kind: 'only live', fields: [] },
      ]),
    );
    expect((await rebuildViews(options())).live).toBe(false);
    expect((await Views.current(store, subscriber.name)).generation).toBe(1);
    expect((await rebuildViews({ ...options(), acceptDifferences: true })).live).toBe(true);
    expect((await Views.current(store, subscriber.name)).generation).toBe(2);
  });

  it('are gone over to where the live ones are damaged and differences are accepted', async () => {
    await publish(...manyEvents(30));
    const { unlike: _, ...scanning } = store; // the quicker way finds it unlike, and then reads it as well
    const damaged: ViewStore = {
      ...scanning,
      scan: (table) => {
        if (table.endsWith('_g2')) return store.scan(table);
        throw new DamagedValueError('"a row"');
      },
    };
    await expect(rebuildViews({ ...options(), store: damaged })).rejects.toBeInstanceOf(DamagedValueError);
    expect((await Views.current(store, subscriber.name)).generation).toBe(1);
    const { parity, live } = await rebuildViews({ ...options(), store: damaged, acceptDifferences: true });
    expect(live).toBe(true);
    expect(parity.differences.map(({ kind, partition }) => [kind, partition])).toEqual([['damaged', '"a row"']]);
    expect((await Views.current(store, subscriber.name)).generation).toBe(2);
  });

  it('are compared while events come', async () => {
    await publish(...manyEvents(200));
    let going = true;
    const stream = (async () => {
      while (going) await publish(...manyEvents(4, 'more'));
    })();
    // Whether events come in the very moment of a comparison is chance: look until they do.
    let lookedAtAgain = 0;
    try {
      for (let tries = 0; lookedAtAgain === 0 && tries < 20; tries++) {
        const { parity } = await check();
        expect(parity.differences).toEqual([]);
        lookedAtAgain = parity.lookedAtAgain;
      }
    } finally {
      going = false;
      await stream;
    }
    expect(lookedAtAgain).toBeGreaterThan(0);
  });
});

describe('a rebuild takes over what the log does not say', () => {
  it('what is parked stays parked, in its order', async () => {
    const reports = ['a', 'a', 'b'].map((subjectId) => aReport({ subjectId }));
    poison.add(reports[0]!.data.reportId);
    await drivers.log.append([{ topic, key: 'c', id: 'not-an-event', bytes: Buffer.from('{') }]);
    await publish(...reports);
    const { parity } = await rebuildViews(options());
    expect(parity.differences).toEqual([]);
    expect(parity.rows.get('parked_events')).toBe(3);
    const rebuilt = await Views.current(store, subscriber.name);
    const source = { topic, partition: await partitionOf('a'), key: 'a' };
    expect((await pageOfParked(rebuilt, source, { limit: 9 })).map(({ reason }) => reason)).toEqual(['projection', 'behind']);
  });

  it('what was retried is there, and what was discarded is not', async () => {
    const [mended, given, later] = ['a', 'b', 'b'].map((subjectId) => aReport({ subjectId }));
    poison = new Set([mended!.data.reportId, given!.data.reportId]);
    await publish(mended!, given!, later!);
    expect(await processor.discard({ topic, partition: await partitionOf('b'), key: 'b' }, given!.id)).toBe('discarded');
    poison.delete(mended!.data.reportId);
    expect(await processor.retry({ topic, partition: await partitionOf('a'), key: 'a' })).toBe(1);
    await publish(...manyEvents(20));
    const { parity } = await check();
    expect(parity.differences).toEqual([]);
    expect(parity.rows.get('discarded_events')).toBe(1);
  });

  it('reactions that are outstanding stay so, and others are not run again', async () => {
    const reports = ['a', 'a', 'a', 'b'].map((subjectId) => aReport({ subjectId }));
    unanswered.add(reports[0]!.data.reportId);
    await publish(reports[0]!, reports[1]!); // one batch: the views have both
    await publish(reports[2]!, reports[3]!); // queues behind
    unanswered.clear();
    const { parity } = await rebuildViews(options());
    expect(parity.differences).toEqual([]);
    const rebuilt = await Views.current(store, subscriber.name);
    const parked = await pageOfParked(rebuilt, { topic, partition: await partitionOf('a'), key: 'a' }, { limit: 9 });
    expect(parked.map(({ reason, reactionOnly }) => [reason, reactionOnly])).toEqual([
      ['reaction', true],
      ['behind', true],
      ['behind', false],
    ]);
  });

  it('a report whose reaction was discarded stays in the views', async () => {
    const report = aReport({ subjectId: 'a' });
    unanswered.add(report.data.reportId);
    await publish(report);
    expect(await processor.discard({ topic, partition: await partitionOf('a'), key: 'a' }, report.id)).toBe('discarded');
    const { parity } = await check();
    expect(parity.differences).toEqual([]);
    expect(parity.rows.get(caseTables.timeline)).toBe(1);
    expect(parity.rows.get('discarded_events')).toBe(1);
  });

  it('what live has projected after an owed reaction is projected, also where a batch of the rebuild ends in between', async () => {
    const spamAlone: Reaction = {
      ...answer,
      concerns: (event) => event.type === 'ReportFiled' && event.data.reason === 'spam',
    };
    const reacting = { ...subscriber, reactions: [spamAlone] };
    processor = processorOf(live, reacting);
    const [owed, projected, queued] = ['spam', 'aimbot', 'aimbot'].map((reason) => aReport({ subjectId: 'a', reason }));
    const fillers = Array.from({ length: 520 }, () => aReport({ subjectId: 'a', reason: 'aimbot' }));
    unanswered.add(owed!.data.reportId);
    await drivers.log.append([owed!, projected!, ...fillers].map(toRecord));
    await takeNew(1_000); // one batch
    await publish(queued!);
    const { parity } = await rebuildViews({ ...options(), subscriber: reacting });
    expect(parity.differences).toEqual([]);
    expect(parity.rows.get(caseTables.timeline)).toBe(522);
    const rebuilt = await Views.current(store, subscriber.name);
    const parked = await pageOfParked(rebuilt, { topic, partition: await partitionOf('a'), key: 'a' }, { limit: 9 });
    expect(parked.map(({ reason, reactionOnly }) => [reason, reactionOnly])).toEqual([
      ['reaction', true],
      ['behind', false],
    ]);
  });

  it('what live could not project and mended code can is in the views, with its reactions outstanding', async () => {
    const [bad, behind] = [aReport({ subjectId: 'a' }), aReport({ subjectId: 'a' })];
    poison.add(bad.data.reportId);
    await publish(bad, behind);
    poison.clear();
    const { parity } = await rebuildViews({ ...options(), acceptDifferences: true });
    expect(parity.rows.get(caseTables.timeline)).toBe(2);
    const rebuilt = await Views.current(store, subscriber.name);
    const source = { topic, partition: await partitionOf('a'), key: 'a' };
    const parked = await pageOfParked(rebuilt, source, { limit: 9 });
    expect(parked.map(({ eventId, reactionOnly }) => [eventId, reactionOnly])).toEqual([
      [bad.id, true],
      [behind.id, true],
    ]);
    expect(await processorOf(rebuilt).retry(source)).toBe(2);
  });

  it('reactions that fail while it runs are outstanding in the new views as well', async () => {
    await publish(...manyEvents(30));
    const late = aReport({ subjectId: 'late' });
    unanswered.add(late.data.reportId);
    const during = scanningOf('cases_g2', () => publish(late));
    const { parity } = await rebuildViews({ ...options(), store: during, check: true });
    expect(parity.differences).toEqual([]);
    expect(parity.rows.get('parked_events')).toBe(1);
  });
});

describe('generations of views', () => {
  it('go on from where they were filled to', async () => {
    await publish(...manyEvents(30));
    const report = await rebuildViews(options());
    expect(report).toMatchObject({ generation: 2, live: true });
    live = await Views.current(store, subscriber.name);
    processor = processorOf(live);
    await publish(...manyEvents(30, 'later'));
    expect((await check()).parity.differences).toEqual([]);
  });

  it('are rolled back to, with what has come since, and dropped', async () => {
    await publish(...manyEvents(30));
    await expect(rollBackViews(options())).rejects.toThrow(/no earlier generation/);
    await rebuildViews(options());
    live = await Views.current(store, subscriber.name);
    processor = processorOf(live);
    await publish(...manyEvents(30, 'later'));
    expect(await rollBackViews(options())).toBe(1);
    live = await Views.current(store, subscriber.name);
    expect(live.generation).toBe(1);
    expect((await check()).parity.differences).toEqual([]); // in generation 3: 2 can be rolled forward to
    expect(await live.generations()).toEqual({ current: 1, previous: 2 });
    expect(await dropOldViews(options())).toEqual([2]);
    expect((await store.tables()).filter((table) => /_g[23]$/.test(table))).toEqual([]);
    await expect(rollBackViews(options())).rejects.toThrow(/no earlier generation/);
  });

  it('that are rolled back to contain and park nothing that was discarded since', async () => {
    const [bad, behind] = [aReport({ subjectId: 'a' }), aReport({ subjectId: 'a' })];
    const unheard = aReport({ subjectId: 'b' });
    poison.add(bad.data.reportId);
    unanswered.add(unheard.data.reportId);
    await publish(bad, behind, unheard);
    await rebuildViews(options());
    live = await Views.current(store, subscriber.name);
    processor = processorOf(live);
    const [ofA, ofB] = [await partitionOf('a'), await partitionOf('b')];
    expect(await processor.discard({ topic, partition: ofA, key: 'a' }, bad.id)).toBe('discarded');
    expect(await processor.discard({ topic, partition: ofB, key: 'b' }, unheard.id)).toBe('discarded');
    await rollBackViews(options());
    live = await Views.current(store, subscriber.name);
    processor = processorOf(live);
    const left = await pageOfParked(live, { topic, partition: ofA }, { limit: 9 });
    expect(left.map(({ eventId }) => eventId)).toEqual([behind.id]);
    expect(await pageOfParked(live, { topic, partition: ofB, key: 'b' }, { limit: 9 })).toEqual([]);
    expect(await processor.retry({ topic, partition: ofA, key: 'a' })).toBe(1);
    expect((await check()).parity.differences).toEqual([]);
  });

  it('are not filled by two at once', async () => {
    await publish(...manyEvents(30));
    const target = live.ofGeneration(2);
    const first = await Rebuild.fromStart({ ...options(), live, target });
    const watermark = await watermarkOf(live, subscriber);
    await first.advance(watermark);
    const second = await Rebuild.fromStart({ ...options(), live, target });
    await second.advance(watermark);
    await publish(...manyEvents(30));
    const moved = await watermarkOf(live, subscriber);
    await expect(first.advance(moved)).rejects.toThrow(RebuildFencedError);
    await second.advance(moved);
    expect(await watermarkOf(target, subscriber)).toEqual(moved);
  });

  it('are not filled from nothing where a helper of an earlier rebuild has begun after they were emptied', async () => {
    await publish(...manyEvents(30));
    const given = { ...options(), live, target: live.ofGeneration(2) };
    const watermark = await watermarkOf(live, subscriber);
    await Rebuild.fromStart(given);
    const helper = Rebuild.share(given);
    const second = await Rebuild.fromStart(given);
    await helper.advance(watermark.slice(-1));
    await expect(second.advance(watermark)).rejects.toThrow(RebuildFencedError);
    const third = await Rebuild.fromStart(given);
    await third.advance(watermark);
    expect(await watermarkOf(given.target, subscriber)).toEqual(watermark);
  });

  it('do not become live while another rebuild fills them', async () => {
    await publish(...manyEvents(60));
    const target = live.ofGeneration(2);
    const interrupted = scanningOf('discarded_events_g2', async () => {
      await Rebuild.fromStart({ ...options(), live, target });
    });
    await expect(rebuildViews({ ...options(), store: interrupted })).rejects.toThrow(RebuildFencedError);
    expect((await Views.current(store, subscriber.name)).generation).toBe(1);
    expect(await store.tables()).toContain('cases_g2');
  });

  it('do not become live for a writer that was fenced, also on a store that fences no rows', async () => {
    await publish(...manyEvents(30));
    const name = live.checkpointName(topic);
    const checkpoint = await store.takeOver(name, 0);
    await store.takeOver(name, 0);
    const unfenced: ViewStore = Object.create(store, {
      capabilities: { value: { atomicWrite: false, fencesRows: false } },
      write: {
        value: async (...[rows, given]: Parameters<ViewStore['write']>) => {
          await store.write(rows);
          return store.write([], given);
        },
      },
    }) as ViewStore;
    for (const on of [store, unfenced]) {
      const target = (await Views.current(on, subscriber.name)).ofGeneration(2);
      expect(await target.makeCurrent([checkpoint])).toMatchObject({ outcome: 'fenced' });
      expect(await live.generations()).toEqual({ current: 1, previous: null });
    }
  });

  it('are not emptied by a rebuild that began before they became live', async () => {
    await publish(...manyEvents(60));
    const target = live.ofGeneration(2);
    let first: RebuildReport | undefined;
    const late = scanningOf('discarded_events_g2', async () => {
      first = await rebuildViews(options());
    });
    await expect(rebuildViews({ ...options(), store: late, check: true })).rejects.toThrow(RebuildFencedError);
    expect(first?.live).toBe(true);
    await expect(Rebuild.fromStart({ ...options(), live, target })).rejects.toThrow(/has become live meanwhile/);
    live = await Views.current(store, subscriber.name);
    expect(await watermarkOf(live, subscriber)).toEqual(await watermarkOf(live.ofGeneration(1), subscriber));
    expect((await check()).parity.differences).toEqual([]);
  });

  it('are not rebuilt from nothing', async () => {
    await expect(check()).rejects.toThrow(/contain no event yet/);
  });

  it('end with the signal, and leave nothing behind', async () => {
    await publish(...manyEvents(30));
    const aborting = new AbortController();
    const onProgress = (): void => aborting.abort(new Error('stop'));
    await expect(rebuildViews({ ...options(), onProgress, signal: aborting.signal })).rejects.toThrow('stop');
    await until('its tables are gone', async () => !(await store.tables()).some((table) => table.endsWith('_g2')));
  });
});
