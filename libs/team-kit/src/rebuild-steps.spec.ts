import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { caseFiles, caseOf, caseTables, filedReports, type CaseRules } from '@ringside/casework';
import type { Projection } from '@ringside/core';
import { standalone } from '@ringside/data-ring';
import { toRecord, type ReportFiled, type RingsideEvent } from '@ringside/events';
import { aReport, openTestDrivers, rerouted, type TestDrivers } from '@ringside/testing';
import type { Row, RowKey, ViewStore } from '@ringside/view-store';

import type { PlacedSubscriber } from './placed-subscriber.js';
import { MixedKeysError } from './rebuild-steps.js';
import { Rebuild, type Watermark } from './rebuild.js';
import { tablesOf } from './subscriber.js';
import { Views } from './views.js';

const topic = 'reports';
const rules: CaseRules = {
  team: 'cheating',
  captures: (reason) => reason === 'aimbot' || reason === 'spam',
  weigh: () => ({ severity: 5, decideWithinHours: 24 }),
};
const subscriber: PlacedSubscriber = {
  placement: standalone('local'),
  name: 'cheating-team',
  topics: [topic],
  projections: [caseFiles(rules), filedReports(rules)],
  identity: (event) => {
    const partition = caseOf(event, rules);
    return partition === undefined ? undefined : { table: caseTables.cases, partition };
  },
  reactions: [],
};

let drivers: TestDrivers;
let store: ViewStore;
let live: Views;

beforeEach(async () => {
  drivers = await openTestDrivers();
  store = await drivers.store(subscriber.name);
  live = await Views.current(store, subscriber.name);
  await live.createTables(tablesOf(subscriber));
  await drivers.log.createTopic(topic, { partitions: 2 });
});
afterEach(() => drivers.close());

async function publish(count: number, from = 0): Promise<void> {
  const events = Array.from({ length: count }, (_, n): readonly RingsideEvent[] => {
    const i = from + n;
    const given = { subjectId: `s${i % 13}`, reporterId: `r${i % 5}`, game: i % 3 ? 'stormfall' : 'kickoff' };
    const report = aReport({ ...given, reason: i % 4 ? 'aimbot' : 'harassment' });
    return i % 6 === 5 ? [report, rerouted(report, i % 2 ? 'harassment' : 'spam'), report] : [report];
  });
  await drivers.log.append(events.flat().map(toRecord));
}

const heads = async (): Promise<Watermark> =>
  (await drivers.log.heads(topic)).map(({ partition, head }) => ({ topic, partition, position: head, ordinal: 0 }));

const generation = (number: number, inLogOrder = false, by = subscriber) => {
  const target = live.ofGeneration(number);
  return { target, rebuild: Rebuild.fromStart({ subscriber: by, log: drivers.log, live, target, inLogOrder }) };
};

async function rowsOf(views: Views): Promise<readonly (Row & { readonly table: string })[]> {
  const rows: (Row & { readonly table: string })[] = [];
  for (const table of tablesOf(subscriber)) for await (const row of views.scan(table)) rows.push({ table, ...row });
  return rows;
}

describe('views that are filled in large steps', () => {
  it('have the rows, with their timestamps, that they have when filled in the order of the log; also as they go on', async () => {
    await publish(700);
    const first = await heads();
    await publish(400, 700);
    const [steps, inOrder] = [generation(2), generation(3, true)];
    for (const { rebuild } of [steps, inOrder]) {
      await (await rebuild).advance(first);
      await (await rebuild).advance(await heads());
    }
    const rows = await rowsOf(steps.target);
    expect(rows.length).toBeGreaterThan(2_000);
    expect(rows).toEqual(await rowsOf(inOrder.target));
    const checkpoints = (views: Views) => store.checkpoints(views.checkpointName(topic));
    const standing = (views: Views) =>
      checkpoints(views).then((list) => list.map(({ partition, position, ordinal }) => [partition, position, ordinal]));
    expect(await standing(steps.target)).toEqual(await standing(inOrder.target));
  });

  it('do not ask the store for the rows of a case that they have not come to yet', async () => {
    await publish(300);
    const asked: RowKey[] = [];
    const watched = Object.create(store, {
      getMany: {
        value: (keys: readonly RowKey[]) => {
          asked.push(...keys.filter(({ table }) => table === 'cases_g2'));
          return store.getMany(keys);
        },
      },
    }) as ViewStore;
    live = await Views.current(watched, subscriber.name);
    const rebuild = await generation(2).rebuild;
    await rebuild.advance(await heads());
    expect(asked).toEqual([]);
    await publish(20, 300);
    await rebuild.advance(await heads());
    expect(asked.length).toBeGreaterThan(20);
  });

  it('are refused to a view that is made of several keys', async () => {
    const perReporter: Projection<RingsideEvent> = {
      name: 'PerReporter',
      tables: ['reports_made'],
      entity: (event) => ({ table: 'reports_made', partition: (event as ReportFiled).data.reporterId, key: 'made' }),
      project: (event, rows) => {
        const row = { table: 'reports_made', partition: (event as ReportFiled).data.reporterId, key: 'made' };
        return [{ kind: 'put', ...row, value: { made: Number(rows.get(row)?.['made'] ?? 0) + 1 } }];
      },
    };
    await publish(60);
    const { identity: _, ...unidentified } = subscriber;
    const mixed = { ...unidentified, projections: [perReporter] };
    await expect((await generation(2, false, mixed).rebuild).advance(await heads())).rejects.toThrow(MixedKeysError);
    const { target, rebuild } = generation(2, true, mixed);
    await (await rebuild).advance(await heads());
    expect(await target.page('reports_made', 'r1', { limit: 9 })).toHaveLength(1);
  });
});
