import { reportSubscriber } from '@ringside/intake-service';
import type { Delivery, EventLog, ReadOptions, StoredRecord } from '@ringside/event-log';
import { placed, Processor, subscriberOf, tablesOf, Views, type Observer, type PlacedSubscriber } from '@ringside/team-kit';
import { ringTopic } from '@ringside/events';
import { isDeepStrictEqual } from 'node:util';

import { ledger } from '../services/ledger.js';
import type { Region } from '../services/region.js';
import type { StoreContent } from '../store/store-content.js';
import type { Scenario } from '../run/scenario.js';
import { stillStore } from './still.js';

const nothing = (): undefined => undefined;
const unobserved: Observer = new Proxy({} as Observer, { get: () => nothing });

/** Whoever has views in a region: the services that ran there. */
export function subscribersIn(region: Region, { teams }: Scenario): readonly PlacedSubscriber[] {
  const fine = { isBroken: false };
  const ofTeams = teams.map((team) => {
    const subscriber = subscriberOf(team);
    return { ...subscriber, projections: [...subscriber.projections, ledger(team.rules, fine)] };
  });
  return [reportSubscriber, ...ofTeams].map((subscriber) => ({ ...placed(subscriber, region.placement), reactions: [] }));
}

/** Views built anew from a log, by nobody but the projections: each partition from its first record on. */
export async function replay(region: Region, subscriber: PlacedSubscriber): Promise<StoreContent> {
  const { store, content } = stillStore();
  const views = await Views.current(store, subscriber.name);
  await views.createTables(tablesOf(subscriber));
  const log = headsOf(region);
  const signal = new AbortController().signal;
  const processor = new Processor({ subscriber, log, views, observer: unobserved, signal });
  const first: readonly string[] = subscriber.topics.filter((topic) => topic === ringTopic.topic);
  for (const topic of [...first, ...subscriber.topics.filter((one) => !first.includes(one))]) {
    for (const records of region.log.topics.get(topic)!.partitions) {
      const deliveries = records.map((record): Delivery => ({ ...record, assignment: 1 }));
      if (deliveries.length > 0) await processor.process(deliveries);
    }
    await processor.tend(topic, [...region.log.topics.get(topic)!.partitions.keys()]);
  }
  return content;
}

/** As far as a processor asks the log. */
function headsOf({ log }: Region): EventLog {
  const heads: EventLog['heads'] = (topic) =>
    Promise.resolve(
      log.topics.get(topic)!.partitions.map((records, partition) => ({ partition, head: records.at(-1)?.position ?? null })),
    );
  const read = ({ topic, partition, after }: ReadOptions): Iterable<StoredRecord> =>
    log.topics.get(topic)!.partitions[partition]!.slice(after === undefined ? 0 : Number(after));
  return { heads, read } as unknown as EventLog;
}

/** Where the views of a service differ from those of a replay, in sentences; and how many rows there were. */
export function differences(
  live: StoreContent,
  replayed: StoreContent,
  subscriber: PlacedSubscriber,
): { readonly faults: readonly string[]; readonly rows: number } {
  const faults: string[] = [];
  let rows = 0;
  for (const table of tablesOf(subscriber)) {
    if (table === 'parked_events') continue;
    const name = `${table}_g1`;
    const partitions = new Set([...live.partitionsOf(name), ...replayed.partitionsOf(name)]);
    for (const partition of partitions) {
      const [left, right] = [live, replayed].map(
        (content) => new Map(content.rowsOf(name, partition).map((row) => [row.key, row.value])),
      );
      for (const key of new Set([...left!.keys(), ...right!.keys()])) {
        rows++;
        const [ofLive, ofReplay] = [left!.get(key), right!.get(key)];
        if (isDeepStrictEqual(ofLive, ofReplay)) continue;
        const values = `${JSON.stringify(ofLive)} and not ${JSON.stringify(ofReplay)}`;
        faults.push(`${live.name}: ${name} ${partition} ${key} is ${values}, as in a replay.`);
      }
    }
  }
  return { faults, rows };
}
