import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { caseFiles, caseOf, caseTables, filedReports, type CaseFile, type CaseRules } from '@ringside/casework';
import type { RowKey } from '@ringside/core';
import { reasonsOf, type RingsideEvent } from '@ringside/events';
import { aReport, caseHistories, openTestDrivers, play, rerouted, type TestDrivers } from '@ringside/testing';
import type { RowWrite, ViewStore } from '@ringside/view-store';
import fc from 'fast-check';

import { BatchProjector, type OrdinalEvent } from './project-batch.js';
import { tablesOf, type Subscriber } from './subscriber.js';
import { Views } from './views.js';
import { newestOf } from './write-projected.js';

const captured = new Set<string>(reasonsOf('cheating'));
const rules: CaseRules = {
  team: 'cheating',
  captures: (reason) => captured.has(reason),
  weigh: () => ({ severity: 5, decideWithinHours: 24 }),
};

const subscriber: Subscriber = {
  name: 'cheating-team',
  topics: ['reports'],
  projections: [caseFiles(rules), filedReports(rules)],
  identity: (event) => {
    const partition = caseOf(event, rules);
    return partition === undefined ? undefined : { table: caseTables.cases, partition };
  },
  reactions: [],
};

let drivers: TestDrivers;
let store: ViewStore;
let views: Views;
let generation = 0;

beforeEach(async () => {
  generation = 0;
  drivers = await openTestDrivers();
  store = await drivers.store('cheating-team');
  await freshViews();
});
afterEach(() => drivers.close());

async function freshViews(): Promise<void> {
  if (generation > 0) await views.dropTables(tablesOf(subscriber));
  views = (await Views.current(store, subscriber.name)).ofGeneration(++generation);
  await views.createTables(tablesOf(subscriber));
}

/** Stores as where the store keeps nothing that the views do not contain, or as where it may. */
async function project(events: readonly OrdinalEvent[], isSettled = false): Promise<readonly string[]> {
  const projector = new BatchProjector(subscriber, views);
  await projector.fetch(events.map(({ event }) => event));
  const outcomes: string[] = [];
  for (const event of events) {
    const outcome = await projector.project(event);
    outcomes.push(typeof outcome === 'string' ? outcome : outcome.gap);
  }
  const writes = await projector.writes();
  const { rows, ...options } = isSettled ? newestOf(writes) : writes;
  await store.write(rows, options);
  return outcomes;
}

const inOrder = (events: readonly RingsideEvent[], first = 1): OrdinalEvent[] =>
  events.map((event, i) => ({ event, source: 'reports/0', ordinal: first + i }));

/** All rows but the kit's own marks, as `play` names them, with figures of all source partitions in one. */
async function rowsOfViews(): Promise<[string, unknown][]> {
  const rows: [string, unknown][] = [];
  for (const table of tablesOf(subscriber)) {
    for await (const { partition, key, value } of views.scan(table)) {
      if (key.startsWith('seen/') || Object.values(value).every((amount) => amount === 0)) continue;
      rows.push([`${table}/${partition}/${table === caseTables.figures ? key.slice(0, key.lastIndexOf('#')) : key}`, value]);
    }
  }
  return rows.sort(([a], [b]) => (a < b ? -1 : 1));
}

describe('projecting a batch', () => {
  it('tells projected, duplicate and not captured apart', async () => {
    const report = aReport();
    const outcomes = await project(inOrder([report, aReport({ reason: 'threat' }), report]));
    expect(outcomes).toEqual(['projected', 'not_captured', 'duplicate']);
  });

  it('knows a copy of an event in a later batch', async () => {
    const report = aReport();
    await project(inOrder([report]));
    expect(await project(inOrder([report], 2))).toEqual(['duplicate']);
    expect(await views.figures(caseTables.figures, '2026-01-31')).toEqual(new Map([['12/aimbot', { captured: 1 }]]));
  });

  it('refuses a projection that reads outside of its entity', async () => {
    const elsewhere = { table: 'cases', partition: 'another', key: 'case' };
    const astray: Subscriber = { ...subscriber, projections: [{ ...caseFiles(rules), reads: () => [elsewhere] }] };
    const [projector, event] = [new BatchProjector(astray, views), aReport()];
    await projector.fetch([event]);
    expect(() => projector.project({ event, source: 'reports/0', ordinal: 1 })).toThrow(/from its entity's partition alone/);
  });

  it('fetches what a projection asks for as it goes, and refuses what lies outside of its entity', async () => {
    const inCase = (event: RingsideEvent, key: string): RowKey => ({
      table: caseTables.cases,
      partition: caseOf(event, rules)!,
      key,
    });
    const follows = (partitionOf: (event: RingsideEvent) => RowKey): Subscriber => ({
      ...subscriber,
      projections: [
        {
          name: 'Follows',
          tables: [caseTables.cases],
          entity: (event) => inCase(event, 'case'),
          project: (event, rows) => {
            const first = rows.get(inCase(event, 'a'));
            const second = first && rows.get(inCase(event, first['next'] as string));
            rows.get(partitionOf(event));
            return [
              { kind: 'put', ...inCase(event, 'found'), value: { second: second ?? null } },
              { kind: 'count', table: caseTables.figures, partition: 'p', key: 'k', amounts: { n: 1 } },
            ];
          },
        },
      ],
    });
    const event = aReport();
    const stored = { kind: 'put', timestamp: 1 } as const;
    await store.write([
      views.addressed({ ...stored, ...inCase(event, 'a'), value: { next: 'b' } }),
      views.addressed({ ...stored, ...inCase(event, 'b'), value: { end: true } }),
    ]);
    const projector = new BatchProjector(
      follows((some) => inCase(some, 'a')),
      views,
    );
    await projector.fetch([event]);
    expect(await projector.project({ event, source: 'reports/0', ordinal: 2 })).toBe('projected');
    const written = await projector.writes();
    expect(written.last.find(({ key }) => key === 'found')).toMatchObject({ value: { second: { end: true } } });
    expect(written.rows).toMatchObject([{ key: 'k#reports/0', value: { n: 1 } }]);
    const astray = new BatchProjector(
      follows(() => ({ table: caseTables.cases, partition: 'another', key: 'a' })),
      views,
    );
    await astray.fetch([event]);
    await expect(async () => astray.project({ event, source: 'reports/0', ordinal: 2 })).rejects.toThrow(/alone/);
  });

  it('keeps nothing of an event whose projection throws', async () => {
    const failing: Subscriber = {
      ...subscriber,
      projections: [
        caseFiles(rules),
        {
          ...filedReports(rules),
          project: () => {
            throw new Error('no');
          },
        },
      ],
    };
    const projector = new BatchProjector(failing, views);
    const report = aReport();
    await projector.fetch([report]);
    expect(() => projector.project({ event: report, source: 'reports/0', ordinal: 1 })).toThrow('no');
    expect(await projector.writes()).toEqual({ rows: [], last: [], undone: new Set() });
  });

  it('adds the figures of several source partitions up', async () => {
    await project([
      { event: aReport(), source: 'reports/0', ordinal: 1 },
      { event: aReport({ subjectId: 'other' }), source: 'reports/1', ordinal: 1 },
    ]);
    expect((await views.figures(caseTables.figures, 'open')).get('cases')).toEqual({ open: 2 });
  });

  it('gives the rows that the projections alone give, in any division into batches', async () => {
    await fc.assert(
      fc.asyncProperty(caseHistories('cheating'), fc.integer({ min: 1, max: 7 }), async (events, batchSize) => {
        await freshViews();
        for (let i = 0; i < events.length; i += batchSize) await project(inOrder(events.slice(i, i + batchSize), i + 1));
        expect(await rowsOfViews()).toEqual([...play(subscriber.projections, events)]);
      }),
      { numRuns: 25 },
    );
  });

  it('gives the same rows when the store looks for nothing, and does not hear of what came and went within a batch', async () => {
    await fc.assert(
      fc.asyncProperty(caseHistories('cheating'), fc.integer({ min: 1, max: 7 }), async (events, batchSize) => {
        await freshViews();
        for (let i = 0; i < events.length; i += batchSize) {
          await project(inOrder(events.slice(i, i + batchSize), i + 1), true);
        }
        expect(await rowsOfViews()).toEqual([...play(subscriber.projections, events)]);
      }),
      { numRuns: 50 },
    );
  });

  it('gives the same rows when every event is stored twice', async () => {
    await fc.assert(
      fc.asyncProperty(caseHistories('cheating'), async (events) => {
        await freshViews();
        await project(inOrder([...events, ...events]));
        expect(await rowsOfViews()).toEqual([...play(subscriber.projections, events)]);
      }),
      { numRuns: 25 },
    );
  });

  /** What a store without atomic writes leaves behind when the process dies in the middle of a batch. */
  it('gives the same rows when any partitions of one stage were stored, and the batch comes again in other batches', async () => {
    const partly = fc.tuple(
      caseHistories('cheating'),
      fc.constantFrom('rows' as const, 'last' as const),
      fc.infiniteStream(fc.boolean()),
      fc.integer({ min: 1, max: 5 }),
    );
    await fc.assert(
      fc.asyncProperty(partly, async ([events, stage, stored, batchSize]) => {
        await freshViews();
        const projector = new BatchProjector(subscriber, views);
        await projector.fetch(events);
        for (const event of inOrder(events)) await projector.project(event);
        const writes = await projector.writes();
        if (stage === 'last') await store.write(writes.rows);
        await store.write(somePartitions(writes[stage], stored));
        for (let i = 0; i < events.length; i += batchSize) await project(inOrder(events.slice(i, i + batchSize), i + 1));
        expect(await rowsOfViews()).toEqual([...play(subscriber.projections, events)]);
      }),
      { numRuns: 100 },
    );
  });

  it('has the case of a rerouted report as the lists have it', async () => {
    const filed = aReport();
    await project(inOrder([filed, rerouted(filed, 'threat')]));
    const [pointer] = await views.page(caseTables.playerCases, 'subject-1', { limit: 10 });
    const file = (await views.get({ table: caseTables.cases, partition: pointer!.key, key: 'case' })) as unknown as CaseFile;
    expect(file.status).toBe('decided');
  });
});

/** Those partitions that `stored` says, in whole: the rows of one are stored in one piece. */
function somePartitions(writes: readonly RowWrite[], stored: Iterator<boolean>): readonly RowWrite[] {
  const names = new Set(writes.map(({ table, partition }) => `${table}/${partition}`));
  const kept = new Set([...names].filter(() => stored.next().value === true));
  return writes.filter(({ table, partition }) => kept.has(`${table}/${partition}`));
}
