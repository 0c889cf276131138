import type { StoredRecord } from '@ringside/event-log';
import type { RowWrite } from '@ringside/view-store';

import { pageOfParked, type ParkedEvent } from './parking.js';
import { sourceOf } from './sessions.js';
import { discardedTable } from './subscriber.js';
import type { Views } from './views.js';

/** What the live views know of single events and the log does not say: a rebuild takes it over. */
export interface Carried {
  /** Rows to copy as they are. */
  readonly rows: readonly RowWrite[];
  /** Somebody gave the event up: the views go without it. */
  isDiscarded(record: StoredRecord): boolean;
  /** The live views contain the event, and only its reactions are parked. */
  isReactionOwed(record: StoredRecord): boolean;
  owed(record: StoredRecord): ParkedEvent | undefined;
  /** Comes after an event of its key whose reactions are owed: it queues behind that one. */
  isBehindOwed(record: StoredRecord): boolean;
}

type Placed = Pick<StoredRecord, 'topic' | 'partition' | 'key'> & { readonly position: string };

const placeOf = (record: Placed): string => `${sourceOf(record)}/${record.position}`;
const keyOf = (record: Placed): string => `${sourceOf(record)}/${record.key}`;

interface Source {
  readonly topic: string;
  readonly partition: number;
}

export async function carriedFrom(live: Views, sources: readonly Source[]): Promise<Carried> {
  const rows: RowWrite[] = [];
  const discarded = new Set<string>();
  const owed = new Map<string, ParkedEvent>();
  const owedFrom = new Map<string, string>();
  for await (const { partition, key, value, timestamp } of live.scan(discardedTable)) {
    rows.push({ kind: 'put', table: discardedTable, partition, key, value, timestamp });
    discarded.add(`${partition}/${key}`);
  }
  for (const source of sources) {
    for await (const parked of allParked(live, source)) {
      if (!parked.reactionOnly) continue;
      owed.set(placeOf(parked), parked);
      const first = owedFrom.get(keyOf(parked));
      if (first === undefined || parked.position < first) owedFrom.set(keyOf(parked), parked.position);
    }
  }
  return {
    rows,
    isDiscarded: (record) => discarded.has(placeOf(record)),
    isReactionOwed: (record) => owed.has(placeOf(record)),
    owed: (record) => owed.get(placeOf(record)),
    isBehindOwed: (record) => record.position > (owedFrom.get(keyOf(record)) ?? record.position),
  };
}

/** Everything that is parked of a source partition. */
export async function* allParked(views: Views, { topic, partition }: Source): AsyncGenerator<ParkedEvent> {
  let after: string | undefined;
  for (;;) {
    const page = await pageOfParked(views, { topic, partition }, { limit: 1_000, ...(after === undefined ? {} : { after }) });
    yield* page;
    if (page.length < 1_000) return;
    after = page.at(-1)!.place;
  }
}
