import { isDeepStrictEqual } from 'node:util';
import type { EventLog, Position, ReadOptions, StoredRecord } from '@ringside/event-log';
import { ringTopic } from '@ringside/events';
import type { Checkpoint, WriteOutcome } from '@ringside/view-store';

import type { Observer } from './observer.js';
import { isBlocking, parkWrites, unparkWrites, type ParkedEvent, type Parking } from './parking.js';
import { project, type Item, type Pipeline, type Projected } from './pipeline.js';
import type { StagedRows } from './row-cache.js';
import { allParked, carriedFrom, type Carried } from './rebuild-carried.js';
import { dropGeneration, RebuildFencedError } from './rebuild-generations.js';
import { RebuildSteps, stepsOf } from './rebuild-steps.js';
import { untilAvailable } from './retry.js';
import { sourceOf } from './sessions.js';
import type { PlacedSubscriber } from './placed-subscriber.js';
import { tablesOf } from './subscriber.js';
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

export async function watermarkOf(views: Views, subscriber: PlacedSubscriber): Promise<Watermark> {
  const entries: WatermarkEntry[] = [];
  for (const topic of subscriber.topics) {
    for (const { partition, position, ordinal } of await views.store.checkpoints(views.checkpointName(topic))) {
      entries.push({ topic, partition, position, ordinal });
    }
  }
  return entries;
}

export interface RebuildOptions {
  readonly subscriber: PlacedSubscriber;
  readonly log: EventLog;
  /** The views in use. Read only. */
  readonly live: Views;
  /** The generation to fill. */
  readonly target: Views;
  readonly signal?: AbortSignal;
  /** Takes the events of every key in the order in which they came, which takes longer: for views that need it. */
  readonly inLogOrder?: boolean;
  /** Called after each batch with the number of its events. */
  readonly onBatch?: (events: number) => void;
}

const batchRecordsMax = 500;

/** A source partition of the generation that is filled. */
interface Filled {
  readonly topic: string;
  readonly partition: number;
  checkpoint: Checkpoint;
  /** Where the live views stood when it was last brought up to them. */
  upTo?: WatermarkEntry;
}

/**
 * Fills a generation of views from the log, beside the live one, by the code that fills that one: the same projections, parking and
 * checkpoints. Reactions are off: what followed from an event has followed already. From the start it goes in large steps
 * ({@link RebuildSteps}), from a checkpoint in batches like those of the live views.
 */
export class Rebuild {
  private readonly filled = new Map<string, Filled>();
  private readonly pipeline: Pipeline;
  private readonly steps: RebuildSteps | undefined;

  private constructor(
    private readonly options: RebuildOptions,
    isFresh: boolean,
  ) {
    const { subscriber, log, target, signal = new AbortController().signal } = options;
    this.pipeline = {
      subscriber: { ...subscriber, reactions: [] },
      log,
      views: target,
      observer: unobserved,
      signal,
    };
    this.steps = isFresh ? new RebuildSteps(this.pipeline) : undefined;
  }

  /** Begins at the earliest event: whatever the generation held before is dropped. */
  static async fromStart(options: RebuildOptions): Promise<Rebuild> {
    const { subscriber, target, inLogOrder = false } = options;
    await dropGeneration(target, subscriber);
    await target.createTables(tablesOf(subscriber));
    return new Rebuild(options, !inLogOrder);
  }

  /** Goes on where the generation stands. */
  static async fromCheckpoint(options: RebuildOptions): Promise<Rebuild> {
    const { subscriber, target } = options;
    await target.createTables(tablesOf(subscriber));
    return new Rebuild(options, false);
  }

  /**
   * Fills some of the source partitions of a generation that was begun: nobody else writes what their events change, and none of them
   * is in it yet. Whoever began it takes them over afterwards.
   */
  static share(options: RebuildOptions): Rebuild {
    return new Rebuild(options, true);
  }

  /**
   * Reads on until the views contain a watermark of the live ones, which was read just now. What is there already is not read
   * again; what was parked or discarded in the live views meanwhile is taken over.
   */
  async advance(to: Watermark): Promise<void> {
    // Promotions first: what is of a later term waits for its own.
    const isOfRing = ({ topic }: WatermarkEntry): boolean => topic === ringTopic.topic;
    const inOrder = [...to.filter(isOfRing), ...to.filter((entry) => !isOfRing(entry))];
    for (const entry of inOrder) if (entry.position !== null) await this.fill(entry, entry.position);
  }

  /** Makes the views the live ones. Throws `RebuildFencedError` where somebody else writes them by now: nothing has changed then. */
  async makeCurrent(): Promise<void> {
    await this.confirm();
    this.unlessFenced(await this.options.target.makeCurrent(this.checkpoints()));
  }

  /** Throws `RebuildFencedError` unless the views are still this rebuild's to write. */
  async confirm(): Promise<void> {
    this.unlessFenced(await this.options.target.store.write([], { checkpoints: this.checkpoints() }));
  }

  private checkpoints(): readonly Checkpoint[] {
    return [...this.filled.values()].map(({ checkpoint }) => checkpoint);
  }

  private unlessFenced(outcome: WriteOutcome): void {
    if (outcome.outcome === 'fenced') throw new RebuildFencedError(outcome.subscription, outcome.partition);
  }

  private async fill(entry: WatermarkEntry, until: string): Promise<void> {
    const { topic, partition } = entry;
    const filled = this.filled.get(sourceOf(entry)) ?? (await this.takeOver(topic, partition));
    if (isDeepStrictEqual(filled.upTo, entry)) return;
    const carried = await carriedFrom(this.options.live, entry);
    const blocked = await this.leaveOutDiscarded(filled, carried);
    const after = filled.checkpoint.position as Position | null;
    if (after === null || after < until) {
      const records = this.read({ topic, partition, ...(after === null ? {} : { after }) }, until);
      const { steps } = this;
      if (steps === undefined) {
        for await (const batch of batchesOf(records)) await this.store(filled, batch, { carried, blocked });
      } else {
        for await (const taken of stepsOf(records)) await this.storeStep(steps, filled, taken, { carried, blocked });
      }
    }
    filled.upTo = entry;
  }

  private async takeOver(topic: string, partition: number): Promise<Filled> {
    const { target } = this.options;
    const name = target.checkpointName(topic);
    const checkpoint = await target.store.takeOver(name, partition);
    // Another rebuild has filled it since it was emptied: its rows would be taken for absent.
    if (this.steps !== undefined && checkpoint.position !== null) throw new RebuildFencedError(name, partition);
    const filled: Filled = { topic, partition, checkpoint };
    this.filled.set(sourceOf(filled), filled);
    return filled;
  }

  private async *read(from: ReadOptions, until: string): AsyncGenerator<StoredRecord> {
    const { log, signal } = this.pipeline;
    for await (const record of log.read(from)) {
      signal.throwIfAborted();
      if (record.position > until) return;
      yield record;
    }
  }

  /**
   * Copies what was discarded in the live views, and parks it no longer where it was. Answers with the keys of which events
   * are parked that these views do not contain: later ones queue behind them.
   */
  private async leaveOutDiscarded(filled: Filled, carried: Carried): Promise<Set<string>> {
    const { target } = this.options;
    const blocked = new Set<string>();
    const givenUp: ParkedEvent[] = [];
    for await (const parked of allParked(target, filled)) {
      if (carried.isGivenUp(parked)) givenUp.push(parked);
      else if (!parked.reactionOnly && isBlocking(parked.reason)) blocked.add(parked.key);
    }
    if (carried.rows.length === 0 && givenUp.length === 0) return blocked;
    // Above whatever was written of them. The number is not used up: only these rows, which nobody writes again, have it.
    const unpark = unparkWrites(target, givenUp, () => filled.checkpoint.ordinal + 1);
    const rows = [...carried.rows.map((row) => target.addressed(row)), ...unpark.rows];
    await this.write(filled, { ...unpark, rows }, filled.checkpoint);
    return blocked;
  }

  private async store(
    filled: Filled,
    records: readonly StoredRecord[],
    { carried, blocked }: { readonly carried: Carried; readonly blocked: Set<string> },
  ): Promise<void> {
    const { pipeline } = this;
    const items = records.map((record, i): Item => ({ record, ordinal: filled.checkpoint.ordinal + 1 + i }));
    const kept = items.filter(({ record }) => !carried.isDiscarded(record));
    const projected = await project(pipeline, kept, ({ record }) => blocked.has(record.key) || carried.isBehindOwed(record));
    const parked = [...projected.parked, ...owedOf(projected, carried)];
    const { record, ordinal } = items.at(-1)!;
    const checkpoint = { ...filled.checkpoint, position: record.position, ordinal };
    if (parked.length === 0) await this.write(filled, projected, checkpoint);
    else {
      // A parked event blocks its key: whatever came before it has to be there.
      await this.write(filled, projected, filled.checkpoint);
      await this.write(filled, parkWrites(pipeline.views, parked), checkpoint);
    }
    for (const { record, reason } of projected.parked) if (isBlocking(reason)) blocked.add(record.key);
    this.options.onBatch?.(records.length);
  }

  /** What is known of single events is the same for a step as for a batch; only the order is another. */
  private async storeStep(
    steps: RebuildSteps,
    filled: Filled,
    records: readonly StoredRecord[],
    { carried, blocked }: { readonly carried: Carried; readonly blocked: Set<string> },
  ): Promise<void> {
    const { pipeline } = this;
    const { views, observer, signal } = pipeline;
    const items = records.map((record, i): Item => ({ record, ordinal: filled.checkpoint.ordinal + 1 + i }));
    const { record, ordinal } = items.at(-1)!;
    const checkpoint = { ...filled.checkpoint, position: record.position, ordinal };
    const kept = items.filter((item) => !carried.isDiscarded(item.record));
    await steps.take(kept, checkpoint, {
      isBlocked: (item) => blocked.has(item.record.key) || carried.isBehindOwed(item.record),
      parkedOf: (projected) => {
        for (const one of projected.parked) if (isBlocking(one.reason)) blocked.add(one.record.key);
        this.options.onBatch?.(projected.done.length + projected.parked.length);
        const { rows, last } = parkWrites(views, [...projected.parked, ...owedOf(projected, carried)]);
        return [...rows, ...last];
      },
      write: async ({ rows, newest }, checkpoint = filled.checkpoint) => {
        const write = () => views.store.write(rows, { newest, checkpoints: [checkpoint] });
        this.unlessFenced(await untilAvailable(write, observer, signal));
      },
    });
    filled.checkpoint = checkpoint;
    this.options.onBatch?.(items.length - kept.length);
  }

  private async write(filled: Filled, { rows, last }: StagedRows, checkpoint: Checkpoint): Promise<void> {
    const { views, observer, signal } = this.pipeline;
    this.unlessFenced(
      await untilAvailable(() => views.store.write(rows, { last, checkpoints: [checkpoint] }), observer, signal),
    );
    filled.checkpoint = checkpoint;
  }
}

async function* batchesOf(records: AsyncIterable<StoredRecord>): AsyncGenerator<readonly StoredRecord[]> {
  let batch: StoredRecord[] = [];
  for await (const record of records) {
    batch.push(record);
    if (batch.length < batchRecordsMax) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** Events that these views contain and that are parked in the live ones: their reactions are outstanding. */
function owedOf({ done }: Projected, carried: Carried): readonly Parking[] {
  return done.flatMap(({ item: { record, ordinal }, outcome }) => {
    const parked = outcome === 'not_captured' ? undefined : carried.parked(record);
    if (parked === undefined) return [];
    const { reason, detail } = parked.reactionOnly ? parked : mended;
    return [{ record, ordinal, reason, detail, reactionOnly: true }];
  });
}

/** What the live code could not project, and this can. */
const mended = { reason: 'reaction', detail: 'A rebuild has projected it; its reactions were not run.' } as const;

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
