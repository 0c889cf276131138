import type { Delivery } from '@ringside/event-log';
import type { Checkpoint, RowWrite } from '@ringside/view-store';

import { putBackCursor } from './align-cursors.js';
import { discardWrite, pageOfParked, parkWrite, recordOf, unparkWrite } from './parking.js';
import { project, react, reactionsTo, type Item, type Pipeline, type Projected } from './pipeline.js';
import { untilAvailable } from './retry.js';
import { parkedCount, Sessions, type Session } from './sessions.js';

/** At most this many parked events are retried in one go. */
const retryBatchMax = 500;

/** Parked events of one key, in a partition that this process holds. */
export interface ParkedKey {
  readonly topic: string;
  readonly partition: number;
  readonly key: string;
}

/**
 * Takes a subscriber's records to its views: drop duplicates, project, checkpoint, or park. Calls for one topic run one after
 * the other.
 *
 * Order on disk: rows, then (after the reactions) what is parked and the checkpoint; the caller acknowledges when `process` has answered.
 */
export class Processor {
  private readonly sessions: Sessions;
  private readonly turns = new Map<string, Promise<unknown>>();

  constructor(private readonly pipeline: Pipeline) {
    this.sessions = new Sessions(pipeline.views, pipeline.observer);
  }

  /**
   * Takes records of one topic. Answers when the outcome of every record is on disk, with the source partitions that this
   * process has lost to another one: nothing of theirs was written, and they have to be asked for again.
   */
  process(deliveries: readonly Delivery[]): Promise<{ readonly lost: readonly number[] }> {
    const topic = deliveries[0]?.topic;
    return topic === undefined ? Promise.resolve({ lost: [] }) : this.inTurn(topic, () => this.processNow(deliveries));
  }

  /** Tries the parked events of a key again, in order, until one fails; answers how many went through. */
  retry({ topic, partition, key }: ParkedKey): Promise<number> {
    return this.inTurn(topic, async () => this.retryKey(await this.sessionOf(topic, partition), key));
  }

  /** Gives up the first parked event of a key, for good, and tries those behind it. */
  discard({ topic, partition, key }: ParkedKey, eventId: string): Promise<'discarded' | 'not_first'> {
    return this.inTurn(topic, async () => {
      const session = await this.sessionOf(topic, partition);
      const [first] = await pageOfParked(this.pipeline.views, { topic, partition, key }, { limit: 1 });
      if (first?.eventId !== eventId) return 'not_first';
      const ordinal = await this.reserveOrdinals(session, 1);
      if (ordinal === 'lost') return 'not_first';
      const { views } = this.pipeline;
      const rows = [unparkWrite(first, ordinal), discardWrite(first, ordinal)].map((row) => views.addressed(row));
      await this.write({ rows }, [session.checkpoint]);
      this.pipeline.observer.unparked({ topic, partition, eventId, how: 'discarded' });
      this.changeParked(session, key, -1);
      await this.retryKey(session, key);
      return 'discarded';
    });
  }

  /** Where no record has come yet, the partition is taken over now; the first record will begin another session. */
  private async sessionOf(topic: string, partition: number): Promise<Session> {
    return this.sessions.get(topic, partition) ?? (await this.sessions.open(topic, partition, 0)).session;
  }

  private inTurn<T>(topic: string, work: () => Promise<T>): Promise<T> {
    const result = (this.turns.get(topic) ?? Promise.resolve()).then(work);
    this.turns.set(
      topic,
      result.catch(() => undefined),
    );
    return result;
  }

  private async processNow(deliveries: readonly Delivery[]): Promise<{ readonly lost: readonly number[] }> {
    const lost = new Set<number>();
    for (;;) {
      const batch = await this.admit(deliveries.filter(({ partition }) => !lost.has(partition)));
      for (const partition of batch.astray) lost.add(partition);
      if (batch.items.length === 0) return { lost: [...lost] };
      const fencedPartition = await this.store(batch.items, batch.sessions);
      if (fencedPartition === undefined) return { lost: [...lost] };
      this.forget(deliveries[0]!.topic, fencedPartition);
      lost.add(fencedPartition);
    }
  }

  /** The sessions of the deliveries, and the partitions whose records begin behind a gap: they have to come again. */
  private async openSessions(
    deliveries: readonly Delivery[],
  ): Promise<{ readonly sessions: ReadonlyMap<number, Session>; readonly astray: ReadonlySet<number> }> {
    const { observer, signal } = this.pipeline;
    const sessions = new Map<number, Session>();
    const astray = new Set<number>();
    for (const first of deliveries) {
      const { topic, partition, assignment } = first;
      if (astray.has(partition) || sessions.get(partition)?.assignment === assignment) continue;
      const { session, isNew } = await untilAvailable(() => this.sessions.open(topic, partition, assignment), observer, signal);
      sessions.set(partition, session);
      if (!isNew) continue;
      if (await untilAvailable(() => this.refusedForGap(session, first), observer, signal)) {
        sessions.delete(partition);
        astray.add(partition);
        // A new deployment may have mended what parked them.
      } else for (const key of [...session.parked.keys()]) await this.retryKey(session, key);
    }
    return { sessions, astray };
  }

  /**
   * An assignment begins at the log's cursor. That is ahead of these views where whoever had the partition before wrote
   * another generation of them: going on would leave out what lies between, for good, so the cursor is put back.
   */
  private async refusedForGap({ topic, partition, checkpoint }: Session, first: Delivery): Promise<boolean> {
    const { log, subscriber, observer } = this.pipeline;
    const after = checkpoint.position as Delivery['position'] | null;
    if (after !== null && first.position <= after) return false;
    for await (const next of log.read({ topic, partition, ...(after === null ? {} : { after }) })) {
      if (next.position === first.position) return false;
      break;
    }
    await putBackCursor(log, { topic, partition, subscriber }, after);
    this.sessions.forget(topic, partition);
    observer.cursorPutBack(topic, partition);
    return true;
  }

  /** The records that are new to the views, with their ordinals, and the sessions that they belong to. */
  private async admit(deliveries: readonly Delivery[]): Promise<{
    readonly items: readonly Item[];
    readonly sessions: ReadonlyMap<number, Session>;
    readonly astray: ReadonlySet<number>;
  }> {
    const { observer } = this.pipeline;
    const { sessions, astray } = await this.openSessions(deliveries);
    const ordinals = new Map([...sessions].map(([partition, { checkpoint }]) => [partition, checkpoint.ordinal]));
    const items: Item[] = [];
    for (const record of deliveries) {
      const session = sessions.get(record.partition);
      if (record.assignment !== session?.assignment) continue;
      if (session.checkpoint.position !== null && record.position <= session.checkpoint.position) {
        observer.processed(record.topic, 'already_processed', 0);
        continue;
      }
      const ordinal = ordinals.get(record.partition)! + 1;
      ordinals.set(record.partition, ordinal);
      items.push({ record, ordinal });
    }
    return { items, sessions, astray };
  }

  /** Projects and stores; answers with the partition that was lost, in which case nothing counts as stored. */
  private async store(items: readonly Item[], sessions: ReadonlyMap<number, Session>): Promise<number | undefined> {
    const { pipeline } = this;
    const sessionOf = (item: Item): Session => sessions.get(item.record.partition)!;
    const projected = await untilAvailable(
      () => project(pipeline, items, (item) => sessionOf(item).parked.has(item.record.key)),
      pipeline.observer,
      pipeline.signal,
    );
    const checkpoints = checkpointsAfter(items, sessionOf);
    const outcome = await this.writeProjected(projected, [...sessions.values()], checkpoints);
    if (outcome.fenced !== undefined) return outcome.fenced;
    for (const checkpoint of checkpoints) sessions.get(checkpoint.partition)!.checkpoint = checkpoint;
    this.report(projected, outcome.parked, sessionOf);
    return undefined;
  }

  /** One write where nothing reacts, parks or is parked no longer; else rows, reactions, and then the rest with the checkpoints. */
  private async writeProjected(
    projected: Projected,
    sessions: readonly Session[],
    checkpoints: readonly Checkpoint[],
  ): Promise<{ readonly fenced: number | undefined; readonly parked: Projected['parked'] }> {
    const { subscriber, views } = this.pipeline;
    const reacts = projected.done.some(({ event }) => reactionsTo(subscriber, event).length > 0);
    if (!reacts && projected.parked.length === 0 && projected.unparked.length === 0) {
      return { fenced: await this.write(projected, checkpoints), parked: [] };
    }
    const standing = sessions.map(({ checkpoint }) => checkpoint);
    const fenced = await this.write(projected, standing);
    if (fenced !== undefined) return { fenced, parked: [] };
    const parked = [...projected.parked, ...(reacts ? await react(this.pipeline, projected.done) : [])];
    const rows = [...parked.map((one) => views.addressed(parkWrite(one))), ...projected.unparked];
    return { fenced: await this.write({ rows }, checkpoints), parked };
  }

  /** Answers with the partition that another process has taken over, if any: no checkpoint of it has moved then. */
  private async write(
    { rows, last = [] }: { readonly rows: readonly RowWrite[]; readonly last?: readonly RowWrite[] },
    checkpoints: readonly Checkpoint[],
  ): Promise<number | undefined> {
    const { views, observer, signal } = this.pipeline;
    const outcome = await untilAvailable(() => views.store.write(rows, { last, checkpoints }), observer, signal);
    return outcome.outcome === 'fenced' ? outcome.partition : undefined;
  }

  private async retryKey(session: Session, key: string): Promise<number> {
    const { pipeline } = this;
    const parked = await pageOfParked(pipeline.views, { ...session, key }, { limit: retryBatchMax });
    if (parked.length === 0) return 0;
    const first = await this.reserveOrdinals(session, parked.length);
    if (first === 'lost') return 0;
    const items = parked.map((one, i): Item => ({ record: recordOf(one), ordinal: first + i, wasParked: one }));
    const projected = await project(pipeline, items, () => false);
    // What fails again stays parked as it is, with all behind it.
    const still = { ...projected, parked: [] };
    const outcome = await this.writeProjected(still, [session], [session.checkpoint]);
    if (outcome.fenced !== undefined) {
      this.forget(session.topic, session.partition);
      return 0;
    }
    for (const { record } of projected.done.map(({ item }) => item)) {
      pipeline.observer.unparked({ ...session, eventId: record.id, how: 'retried' });
    }
    this.changeParked(session, key, outcome.parked.length - projected.done.length);
    return projected.done.length - outcome.parked.length;
  }

  /**
   * Moves the checkpoint's ordinal on before anything is written with it: a crash in between leaves numbers unused, and
   * none used twice. Answers with the first of `count` numbers.
   */
  private async reserveOrdinals(session: Session, count: number): Promise<number | 'lost'> {
    const first = session.checkpoint.ordinal + 1;
    const checkpoint = { ...session.checkpoint, ordinal: session.checkpoint.ordinal + count };
    if ((await this.write({ rows: [] }, [checkpoint])) !== undefined) {
      this.forget(session.topic, session.partition);
      return 'lost';
    }
    session.checkpoint = checkpoint;
    return first;
  }

  private forget(topic: string, partition: number): void {
    this.sessions.forget(topic, partition);
    this.pipeline.observer.fenced(topic, partition);
  }

  private report(projected: Projected, parked: Projected['parked'], sessionOf: (item: Item) => Session): void {
    const { observer } = this.pipeline;
    const now = Date.now();
    for (const { item, outcome } of projected.done) {
      observer.processed(item.record.topic, outcome, Math.max(0, now - item.record.appendedAt));
    }
    for (const { item, reason, detail } of parked) {
      const { topic, partition, id, key } = item.record;
      observer.parked({ topic, partition, eventId: id, reason, detail });
      this.changeParked(sessionOf(item), key, 1);
    }
  }

  private changeParked(session: Session, key: string, by: number): void {
    const count = (session.parked.get(key) ?? 0) + by;
    if (count > 0) session.parked.set(key, count);
    else session.parked.delete(key);
    this.pipeline.observer.parkedNow(session.topic, session.partition, parkedCount(session));
  }
}

function checkpointsAfter(items: readonly Item[], sessionOf: (item: Item) => Session): readonly Checkpoint[] {
  const last = new Map<number, Checkpoint>();
  for (const item of items) {
    const { partition, position } = item.record;
    last.set(partition, { ...sessionOf(item).checkpoint, position, ordinal: item.ordinal });
  }
  return [...last.values()];
}
