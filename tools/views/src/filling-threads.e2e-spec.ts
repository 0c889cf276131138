import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { standalone } from '@ringside/data-ring';
import { reportsTopic, toRecord } from '@ringside/events';
import {
  placed,
  Rebuild,
  RebuildFencedError,
  rebuildViews,
  subscriberOf,
  tablesOf,
  Views,
  watermarkOf,
  type PlacedSubscriber,
  type RebuildHelper,
  type Team,
} from '@ringside/team-kit';
import { aReport, openTestDrivers, type TestDrivers } from '@ringside/testing';
import type { ViewStore } from '@ringside/view-store';

/** As it was built: threads are begun with files that Node can run. */
const { fillingThreads } = (await import('../dist/index.js' as string)) as typeof import('./index.js');

const team = 'cheating';
const { topic } = reportsTopic;
const events = 600;

let drivers: TestDrivers;
let store: ViewStore;
let subscriber: PlacedSubscriber;
/** Filled in the order of the log, by one who reads all of it. */
let live: Views;

/** The threads of `views:rebuild`, over the files of this spec. */
const threads = (signal = new AbortController().signal): readonly RebuildHelper[] =>
  fillingThreads({ team, data: drivers.directory }, signal, 2);
const options = () => ({ subscriber, log: drivers.log, store });

beforeAll(async () => {
  const service = (await import(`@ringside/${team}-service`)) as { readonly team: Team };
  subscriber = placed(subscriberOf(service.team), standalone('local'));
  drivers = await openTestDrivers();
  store = await drivers.store(subscriber.name);
  for (const { name, topic } of subscriber.placement.held) {
    if (subscriber.topics.includes(name)) await drivers.log.createTopic(name, topic);
  }
  const reports = Array.from({ length: events }, (_, i) =>
    aReport({ subjectId: `s${i % 40}`, reporterId: `r${i % 9}`, reason: i % 5 ? 'aimbot' : 'spam' }),
  );
  await drivers.log.append(reports.map(toRecord));
  const first = await Views.current(store, subscriber.name);
  await first.createTables(tablesOf(subscriber));
  const heads = await drivers.log.heads(topic);
  const inOrder = await Rebuild.fromStart({ ...options(), live: first, target: first.ofGeneration(2), inLogOrder: true });
  await inOrder.advance(heads.map(({ partition, head }) => ({ topic, partition, position: head, ordinal: 0 })));
  await inOrder.makeCurrent();
  live = await Views.current(store, subscriber.name);
});
afterAll(() => drivers.close());

describe('views that threads fill', () => {
  it('have the rows that they have when filled in the order of the log, and each thread has filled some', async () => {
    const read = [0, 0];
    const helpers = threads().map(
      (fill, i): RebuildHelper =>
        (share) =>
          fill({
            ...share,
            onBatch: (more) => {
              read[i]! += more;
              share.onBatch(more);
            },
          }),
    );
    const report = await rebuildViews({ ...options(), helpers, helpedEventsMin: 1, check: true });
    expect(report.parity.differences).toEqual([]);
    for (const table of tablesOf(subscriber)) {
      let rows = 0;
      for await (const _ of live.scan(table)) rows += 1;
      expect([table, report.parity.rows.get(table)]).toEqual([table, rows]);
    }
    expect(read.every((some) => some > 0)).toBe(true);
    expect(read[0]! + read[1]!).toBe(events);
    expect(report.events).toBe(events);
  });

  it('are dropped where a thread fails', async () => {
    const [helper] = threads();
    const [astray] = fillingThreads({ team, data: `${drivers.directory}/nowhere` }, new AbortController().signal, 2);
    const rebuilding = rebuildViews({ ...options(), helpers: [helper!, astray!], helpedEventsMin: 1 });
    await expect(rebuilding).rejects.toThrow(/There is no .*nowhere/);
    expect((await store.tables()).filter((table) => table.endsWith('_g3'))).toEqual([]);
    expect((await Views.current(store, subscriber.name)).generation).toBe(live.generation);
  });

  it('are left alone by a thread that finds them filled, and by one that is stopped', async () => {
    const target = live.ofGeneration(9);
    const [watermark, onBatch] = [await watermarkOf(live, subscriber), (): void => undefined];
    const [helper] = threads();
    await Rebuild.fromStart({ ...options(), live, target });
    const signal = AbortSignal.abort();
    await expect(helper!({ generation: 9, watermark, onBatch, signal })).rejects.toThrow('interrupted');
    const reached = await watermarkOf(target, subscriber);
    expect(reached.every(({ position }) => position === null)).toBe(true);
    await helper!({ generation: 9, watermark, onBatch });
    expect(await watermarkOf(target, subscriber)).toEqual(watermark);
    await expect(helper!({ generation: 9, watermark, onBatch })).rejects.toThrow(RebuildFencedError);
  });
});
