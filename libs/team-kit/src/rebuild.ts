import { CodedError } from '@ringside/core';
import type { EventLog, Position, StoredRecord } from '@ringside/event-log';
import type { Checkpoint } from '@ringside/view-store';

import type { Observer } from './observer.js';
import { parkWrites, type Parking } from './parking.js';
import { project, type Item, type Pipeline, type Projected } from './pipeline.js';
import type { StagedRows } from './project-batch.js';
import { untilAvailable } from './retry.js';
import { carriedFrom, type Carried } from './rebuild-carried.js';
import { Sessions, type Session } from './sessions.js';
import { tablesOf, type Subscriber } from './subscriber.js';
import type { Views } from './views.js';

/** How far views contain one source partition. */
export interface WatermarkEntry {
  readonly topic: string;
  readonly partition: number;
  readonly position: string | null;
  /** Counts the events up to there, and the retries of parked ones. */
  readonly ordinal: number;
}

/** How far views contain the log: an entry for each source partition that was ever taken over. */
export type Watermark = readonly WatermarkEntry[];

export async function watermarkOf(views: Views, subscriber: Subscriber): Promise<Watermark> {
  const entries: WatermarkEntry[] = [];
  for (const topic of subscriber.topics) {
    for (const { partition, position, ordinal } of await views.store.checkpoints(views.checkpointName(topic))) {
      entries.push({ topic, partition, position, ordinal });
    }
  }
  return entries;
}

/** Another rebuild of the same views has begun, or a service has gone over to them: this one writes nothing more. */
export class RebuildFencedError extends CodedError {
  readonly code = 'rebuild_fenced';

  constructor(topic: string, partition: number) {
    super(`Somebody else has taken over ${topic}/${partition} of the views that are rebuilt: is another rebuild running?`);
  }
}

export interface RebuildOptions {
  readonly subscriber: Subscriber;
  readonly log: EventLog;
  /** The views in use. Read only. */
  readonly live: Views;
  /** The generation to fill. */
  readonly target: Views;
  readonly signal?: AbortSignal;
  /** Called after each batch with the number of its events. */
  readonly onBatch?: (events: number) => void;
}

const batchRecordsMax = 500;

/**
 * Fills a generation of views from the log, beside the live one, by the code that fills that one: the same projections,
 * batches, parking and checkpoints. Reactions are off: what followed from an event has followed already.
 */
export class Rebuild {
  private readonly sessions: Sessions;
  private readonly pipeline: Pipeline;

  private constructor(
    private readonly options: RebuildOptions,
    private readonly carried: Carried,
  ) {
    const { subscriber, log, target, signal = new AbortController().signal } = options;
    this.pipeline = {
      subscriber: { ...subscriber, reactions: [] },
      log,
      views: target,
      observer: unobserved,
      region: '',
      signal,
    };
    this.sessions = new Sessions(target, unobserved);
  }

  /** Begins at the earliest event: whatever the generation held before is dropped. */
  static async fromStart(options: RebuildOptions): Promise<Rebuild> {
    const { subscriber, target } = options;
    // Whoever is filling it at present is fenced before its tables go.
    for (const topic of subscriber.topics) await target.store.resetCheckpoints(target.checkpointName(topic));
    await target.dropTables(tablesOf(subscriber));
    return Rebuild.fromCheckpoint(options);
  }

  /** Goes on where the generation stands. */
  static async fromCheckpoint(options: RebuildOptions): Promise<Rebuild> {
    const { subscriber, target, live } = options;
    await target.createTables(tablesOf(subscriber));
    const carried = await carriedFrom(live, await watermarkOf(live, subscriber));
    await target.store.write(carried.rows.map((row) => target.addressed(row)));
    return new Rebuild(options, carried);
  }

  /** Reads on until the views contain the watermark. What is there already is not read again. */
  async advance(to: Watermark): Promise<void> {
    for (const { topic, partition, position } of to) if (position !== null) await this.fill(topic, partition, position);
  }

  private async fill(topic: string, partition: number, until: string): Promise<void> {
    const { log, signal } = this.pipeline;
    const { session } = await this.sessions.open(topic, partition, 1);
    const after = session.checkpoint.position as Position | null;
    if (after !== null && after >= until) return;
    let batch: StoredRecord[] = [];
    for await (const record of log.read({ topic, partition, ...(after === null ? {} : { after }) })) {
      signal.throwIfAborted();
      if (record.position > until) break;
      batch.push(record);
      if (batch.length < batchRecordsMax) continue;
      await this.store(session, batch);
      batch = [];
    }
    if (batch.length > 0) await this.store(session, batch);
  }

  private async store(session: Session, records: readonly StoredRecord[]): Promise<void> {
    const { pipeline, carried } = this;
    const items = records.map((record, i): Item => ({ record, ordinal: session.checkpoint.ordinal + 1 + i }));
    const kept = items.filter(({ record }) => !carried.isDiscarded(record));
    const isBlocked = ({ record }: Item): boolean =>
      !carried.isReactionOwed(record) && (session.parked.has(record.key) || carried.isBehindOwed(record));
    const projected = await project(pipeline, kept, isBlocked);
    const parked = [...projected.parked, ...this.owed(projected)];
    const { record, ordinal } = items.at(-1)!;
    const checkpoint = { ...session.checkpoint, position: record.position, ordinal };
    if (parked.length === 0) await this.write(session, projected, checkpoint);
    else {
      // A parked event blocks its key: whatever came before it has to be there.
      await this.write(session, projected, session.checkpoint);
      await this.write(session, parkWrites(pipeline.views, parked), checkpoint);
    }
    for (const {
      record: { key },
    } of parked)
      session.parked.set(key, (session.parked.get(key) ?? 0) + 1);
    this.options.onBatch?.(records.length);
  }

  /** Events that the live views contain and whose reactions are parked there: their reactions stay outstanding. */
  private owed({ done }: Projected): readonly Parking[] {
    return done.flatMap(({ item: { record, ordinal } }) => {
      const owed = this.carried.owed(record);
      return owed === undefined ? [] : [{ record, ordinal, reason: owed.reason, detail: owed.detail, reactionOnly: true }];
    });
  }

  private async write(session: Session, { rows, last }: StagedRows, checkpoint: Checkpoint): Promise<void> {
    const { views, observer, signal } = this.pipeline;
    const write = () => views.store.write(rows, { last, checkpoints: [checkpoint] });
    const outcome = await untilAvailable(write, observer, signal);
    if (outcome.outcome === 'fenced') throw new RebuildFencedError(session.topic, session.partition);
    session.checkpoint = checkpoint;
  }
}

const nothing = (): void => undefined;

/** Nobody counts or logs what a rebuild does: its events were counted when they came. */
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
