import { CodedError } from '@ringside/core';
import type { StoredRecord } from '@ringside/event-log';
import type { Checkpoint, RowWrite } from '@ringside/view-store';

import { Figures } from './figures.js';
import { FreshRows, type StagedFresh } from './fresh-rows.js';
import { project, type Item, type Pipeline, type Projected } from './pipeline.js';
import { BatchProjector } from './project-batch.js';
import { RowCache } from './row-cache.js';

/** What is read of a source partition before any of it is projected: the memory that a rebuild takes grows to so much, and not further. */
const step = { bytesMax: 64 * 2 ** 20, recordsMax: 200_000 };

/** Events that are projected together. Few, so that what is made of them is gone before the collector would move it. */
const batchEventsMin = 500;

/** Writes under way: the store takes them into one transaction as they come. */
const writesMax = 10;

/** An event that its view has already, in views that are filled from nothing: what it changes is made of several keys' events. */
export class MixedKeysError extends CodedError {
  readonly code = 'mixed_keys';

  constructor(readonly subscriber: string) {
    super(
      `Rows of ${subscriber} are each made of events of several keys: its views are only to be filled in the order of the log.`,
    );
  }
}

export interface StepWriter {
  /** Items whose events queue, or are to be queued, behind another one's. */
  isBlocked(item: Item): boolean;
  /** What is to be parked of the items that were projected; those that follow of their keys will be asked for afterwards. */
  parkedOf(projected: Projected): readonly RowWrite[];
  /** Writes, and moves the checkpoint where one is given. */
  write(staged: StagedFresh, checkpoint?: Checkpoint): Promise<void>;
}

/**
 * Fills views from nothing in large steps. The events of a step are taken key by key, not in the order in which they came: what they
 * change of a case is then read, folded and written once. This is the same where each entity is made of the events of one key, which
 * is all that the order of the log is good for, and where not it is noticed ({@link MixedKeysError}).
 */
export class RebuildSteps {
  private readonly fresh: FreshRows;
  private underWay: Promise<void>[] = [];

  constructor(private readonly pipeline: Pipeline) {
    this.fresh = new FreshRows(pipeline.views, () => this.settled(0));
  }

  /** Answers when all is stored, with the checkpoint behind it. A step that fails leaves views that are of no use. */
  async take(items: readonly Item[], checkpoint: Checkpoint, writer: StepWriter): Promise<void> {
    const { subscriber, signal } = this.pipeline;
    const figures = new Figures();
    for (const batch of byKey(items)) {
      signal.throwIfAborted();
      const projector = new BatchProjector(subscriber, this.fresh, figures);
      const projected = await project({ ...this.pipeline, projector }, batch, (item) => writer.isBlocked(item));
      if (projector.hasFoundContained) throw new MixedKeysError(subscriber.name);
      const parked = writer.parkedOf(projected);
      await this.settled(writesMax - 1);
      this.write([...projected.rows, ...projected.last, ...parked], writer);
    }
    const cache = new RowCache();
    await figures.addTo(cache, this.fresh);
    await this.settled(0);
    this.write(cache.writes((table) => this.pipeline.views.physical(table)).rows, writer, checkpoint);
    await this.settled(0);
  }

  private write(rows: readonly RowWrite[], writer: StepWriter, checkpoint?: Checkpoint): void {
    const write = writer.write(this.fresh.stage(rows), checkpoint);
    // Whoever waits for it hears of a failure; until somebody does, it is nobody's.
    write.catch(() => undefined);
    this.underWay.push(write);
  }

  /** Waits until no more than so many writes are under way. */
  private async settled(left: number): Promise<void> {
    if (this.underWay.length <= left) return;
    await Promise.all(this.underWay.splice(0, this.underWay.length - left));
  }
}

/** The events of one key in their order and in one batch. */
function* byKey(items: readonly Item[]): Generator<readonly Item[]> {
  const ofKeys = new Map<string, Item[]>();
  for (const item of items) {
    const ofKey = ofKeys.get(item.record.key);
    if (ofKey === undefined) ofKeys.set(item.record.key, [item]);
    else ofKey.push(item);
  }
  let batch: Item[] = [];
  for (const ofKey of ofKeys.values()) {
    for (const item of ofKey) batch.push(item);
    if (batch.length < batchEventsMin) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** Cuts what is read into steps. */
export async function* stepsOf(records: AsyncIterable<StoredRecord>): AsyncGenerator<readonly StoredRecord[]> {
  let taken: StoredRecord[] = [];
  let bytes = 0;
  for await (const record of records) {
    taken.push(record);
    bytes += record.bytes.length;
    if (bytes < step.bytesMax && taken.length < step.recordsMax) continue;
    yield taken;
    [taken, bytes] = [[], 0];
  }
  if (taken.length > 0) yield taken;
}
