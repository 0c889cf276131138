import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parsePolicy, placementOf, type Placement } from '@ringside/data-ring';
import { partitionOf, type Delivery, type EventLog, type Position } from '@ringside/event-log';
import type { RingsideEvent } from '@ringside/events';
import { createLogger, readConfig, type Logger } from '@ringside/platform';
import type { Row, ViewStore } from '@ringside/view-store';
import fc from 'fast-check';
import { Registry } from 'prom-client';

import { contestedHistories, ringHistories } from './ring-events-arbitraries.js';
import { openTestDrivers, type TestDrivers } from './test-drivers.js';

/** What the kit's runtime of a subscriber does, as far as this needs it. */
export interface RunningViews {
  readonly subscriber: {
    /** As the region's log has them. */
    readonly topics: readonly string[];
    readonly projections: readonly { readonly tables: readonly string[] }[];
  };
  readonly views: { scan(table: string): AsyncIterable<Row> };
  process(deliveries: readonly Delivery[]): Promise<unknown>;
  stop(): void;
}

export interface RuntimeParts {
  readonly eventLog: EventLog;
  readonly viewStore: ViewStore;
  readonly metrics: Registry;
  readonly logger: Logger;
}

export interface Converging {
  /** Whose cases the events are about. */
  readonly team: string;
  /** Starts the subscriber, without its reactions: what these say are events as well, and among the others. */
  readonly start: (placement: Placement, resources: RuntimeParts) => Promise<RunningViews>;
}

/** The ring of this repository, with the services that its policy names. */
export function theRing() {
  const path = fileURLToPath(new URL('../../../ring.yaml', import.meta.url));
  const policy = parsePolicy(readFileSync(path, 'utf8'), path);
  if (!policy.ok) throw new Error(JSON.stringify(policy.error));
  return policy.value;
}

const placement = placementOf(theRing(), 'us');
const runs = 25;
const logger = createLogger('convergence', { ...readConfig({}, { port: 0 }), logLevel: 'silent' });

/** How a region got the events: in which order, with which of them twice, in batches of which sizes. */
interface Arrival {
  readonly events: readonly RingsideEvent[];
  readonly batchSizes: readonly number[];
}

const arrivals = (events: readonly RingsideEvent[]): fc.Arbitrary<Arrival> =>
  fc
    .tuple(
      fc.subarray([...events], { maxLength: Math.min(6, events.length) }),
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 }),
    )
    .chain(([twice, batchSizes]) => {
      const all = [...events, ...twice];
      return fc
        .shuffledSubarray(all, { minLength: all.length, maxLength: all.length })
        .map((shuffled) => ({ events: shuffled, batchSizes }));
    });

/**
 * The same events give the same rows, whatever order regions get them in, however often, and in whatever batches. Any order at all:
 * that is more than replication does.
 */
export function describeConvergence(name: string, { team, start }: Converging): void {
  describe(`the views of ${name}`, () => {
    let drivers: TestDrivers;
    let opened = 0;
    beforeAll(async () => {
      drivers = await openTestDrivers();
    });
    afterAll(() => drivers.close());

    async function rowsAfter({ events, batchSizes }: Arrival): Promise<ReadonlyMap<string, unknown>> {
      const log = arrivedLog(events);
      const viewStore = await drivers.store(`views-${(opened += 1)}`);
      const runtime = await start(placement, { eventLog: log.log, viewStore, metrics: new Registry(), logger });
      try {
        const heard = log.deliveries.filter(({ topic }) => runtime.subscriber.topics.includes(topic));
        let from = 0;
        for (let i = 0; from < heard.length; i++) {
          const batch = heard.slice(from, (from += batchSizes[i % batchSizes.length]!));
          // A batch is of one topic.
          for (const topic of new Set(batch.map((one) => one.topic))) {
            await runtime.process(batch.filter((one) => one.topic === topic));
          }
        }
        // What is left of those that waited for a promotion is gone on with from batch to batch.
        const lastOfTopics = [...new Map(heard.map((one) => [one.topic, one])).values()];
        for (let again = 0; again < 5; again++) for (const one of lastOfTopics) await runtime.process([one]);
        for await (const parked of runtime.views.scan('parked_events'))
          throw new Error(`Was parked: ${JSON.stringify(parked.value)}`);
        return await valuesOf(runtime);
      } finally {
        runtime.stop();
      }
    }

    it('are the same in every region', async () => {
      const worlds = fc
        .tuple(ringHistories(team, placement), contestedHistories(team, placement))
        .chain(([events, contested]) => {
          const all = [...events, ...contested];
          return fc.tuple(arrivals(all), arrivals(all));
        });
      const property = fc.asyncProperty(worlds, async ([here, there]) => {
        const [rows, others] = [await rowsAfter(here), await rowsAfter(there)];
        expect(Object.fromEntries(others)).toEqual(Object.fromEntries(rows));
      });
      // A failure is printed with its seed and path; making it small would take minutes.
      await fc.assert(property, { numRuns: runs, endOnFailure: true });
    }, 120_000);
  });
}

async function valuesOf({ subscriber, views }: RunningViews): Promise<ReadonlyMap<string, unknown>> {
  const values = new Map<string, unknown>();
  const sums = new Map<string, Record<string, number>>();
  for (const table of subscriber.projections.flatMap(({ tables }) => tables)) {
    for await (const { partition, key, value } of views.scan(table)) {
      const figure = key.lastIndexOf('#');
      if (figure === -1) values.set(`${table}/${partition}/${key}`, value);
      else add(sums, `${table}/${partition}/${key.slice(0, figure)}`, value);
    }
  }
  return new Map([...values, ...sums].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Figures are kept by the partition that they came from: what readers see is their sum. */
function add(sums: Map<string, Record<string, number>>, name: string, amounts: Row['value']): void {
  const sum = sums.get(name) ?? {};
  for (const [field, amount] of Object.entries(amounts)) sum[field] = (sum[field] ?? 0) + Number(amount);
  sums.set(name, sum);
}

/** A log that has the events in the order of their arrival; what is appended to it is not what this is about. */
function arrivedLog(events: readonly RingsideEvent[]): { readonly log: EventLog; readonly deliveries: readonly Delivery[] } {
  const deliveries = events.map((event, i): Delivery => {
    const record = placement.recordOf(event);
    const { partitions } = placement.held.find(({ name }) => name === record.topic)!.topic;
    const position = String(i).padStart(9, '0') as Position;
    return { ...record, partition: partitionOf(record.key, partitions), position, appendedAt: 0, assignment: 1 };
  });
  const nothing = (): Promise<never[]> => Promise.resolve([]);
  const log: Partial<EventLog> = {
    createTopic: () => Promise.resolve(),
    append: nothing,
    heads: nothing,
    backlog: nothing,
    async *read({ topic, partition, after }) {
      for (const one of deliveries) {
        if (one.topic === topic && one.partition === partition && (after === undefined || one.position > after)) yield one;
      }
    },
  };
  return { log: log as EventLog, deliveries };
}
