import type { StoredRecord } from '@ringside/event-log';
import type { Row, RowWrite } from '@ringside/view-store';

import { pageOfParked, type ParkedEvent } from './parking.js';
import { sourceOf } from './sessions.js';
import { discardedTable } from './subscriber.js';
import type { Views } from './views.js';

type At = Pick<StoredRecord, 'key'> & { readonly position: string };

/** What the live views know of single events of a source partition and the log does not say: a rebuild takes it over. */
export interface Carried {
  /** Rows to copy as they are. */
  readonly rows: readonly RowWrite[];
  /** Somebody gave the event up: the views go without it. */
  isDiscarded(record: At): boolean;
  /** The event is parked in other views, and is so no longer: it was given up, or its reactions were where nothing else is parked. */
  isGivenUp(parked: ParkedEvent): boolean;
  /** Parked in the live views: where the rebuilt ones contain the event, its reactions are still to be run. */
  parked(record: At): ParkedEvent | undefined;
  /** Is parked in the live views behind an event of its key whose reactions are owed. */
  isBehindOwed(record: At): boolean;
}

interface Source {
  readonly topic: string;
  readonly partition: number;
}

/** True of every event up to a watermark of the live views that was read before: they park no later than they move on. */
export async function carriedFrom(live: Views, source: Source): Promise<Carried> {
  const rows: RowWrite[] = [];
  const discarded = new Set<string>();
  const unanswered = new Set<string>();
  for await (const { partition, key, value, timestamp } of allDiscarded(live, source)) {
    rows.push({ kind: 'put', table: discardedTable, partition, key, value, timestamp });
    (ofReactionOnly(value) ? unanswered : discarded).add(key);
  }
  const parkedAt = new Map<string, ParkedEvent>();
  const owing = new Set<string>();
  for await (const parked of allParked(live, source)) {
    parkedAt.set(parked.position, parked);
    if (parked.reactionOnly) owing.add(parked.key);
  }
  return {
    rows,
    isDiscarded: ({ position }) => discarded.has(position),
    isGivenUp: ({ position, reactionOnly }) => discarded.has(position) || (reactionOnly && unanswered.has(position)),
    parked: ({ position }) => parkedAt.get(position),
    isBehindOwed: ({ position, key }) => parkedAt.get(position)?.reactionOnly === false && owing.has(key),
  };
}

/** The views contain the event: what was given up are its reactions alone. */
const ofReactionOnly = ({ reason, reactionOnly }: Row['value']): boolean => reactionOnly === true || reason === 'reaction';

async function* allDiscarded(views: Views, source: Source): AsyncGenerator<Row> {
  let after: string | undefined;
  for (;;) {
    const options = { limit: 1_000, ...(after === undefined ? {} : { after }) };
    const page = await views.page(discardedTable, sourceOf(source), options);
    yield* page;
    if (page.length < 1_000) return;
    after = page.at(-1)!.key;
  }
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
