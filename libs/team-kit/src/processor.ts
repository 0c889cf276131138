import type { Delivery } from '@ringside/event-log';
import { ringTopic } from '@ringside/events';
import type { Checkpoint } from '@ringside/view-store';

import { putBackCursor } from './align-cursors.js';
import { reactToOwed } from './owed-reactions.js';
import { ParkedKeys, type NotTried } from './parked-keys.js';
import { parkedKeys } from './parking.js';
import { project, type Item, type Pipeline, type Projected } from './pipeline.js';
import { PromotionsSeen } from './promotions-seen.js';
import { untilAvailable } from './retry.js';
import { addParked, isBlocked, reactedUpTo, Sessions, tryAgain, type Opened, type Reacted, type Session } from './sessions.js';
import { writeProjected, writeReacted } from './write-projected.js';

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
 * Order on disk: rows with their checkpoint, then what was reacted to, with the next batch or by `rest`; where something is parked: rows,
 * then (after the reactions) what is parked and the checkpoint. The caller acknowledges when `process` has answered.
 */
export class Processor {
  private readonly sessions: Sessions;
  private readonly parked: ParkedKeys;
  private readonly turns = new Map<string, Promise<unknown>>();
  /** By topic: partitions whose parked events were looked for since they were assigned. */
  private readonly lookedInto = new Map<string, Set<number>>();

  private readonly promotions: PromotionsSeen;

  constructor(private readonly pipeline: Pipeline) {
    this.sessions = new Sessions(pipeline.views, pipeline.observer, pipeline.subscriber.reactions.length > 0);
    this.parked = new ParkedKeys(pipeline, this.sessions);
    this.promotions = new PromotionsSeen(pipeline);
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
  retry({ topic, partition, key }: ParkedKey): Promise<number | NotTried> {
    return this.inTurn(topic, async () => this.parked.retry(await this.sessionOf(topic, partition), key));
  }

  /** Gives up the first parked event of a key, for good, and tries those behind it. */
  discard({ topic, partition, key }: ParkedKey, eventId: string): Promise<'discarded' | 'not_first' | NotTried> {
    return this.inTurn(topic, async () => this.parked.discard(await this.sessionOf(topic, partition), key, eventId));
  }

  /**
   * To be called from time to time with the partitions that the log has assigned to this process: goes on with the parked
   * events that were there before, also of partitions where no record comes. Costs nothing where there are none.
   */
  tend(topic: string, assigned: readonly number[]): Promise<void> {
    return this.inTurn(topic, async () => {
      const looked = this.lookedInto.get(topic) ?? new Set();
      this.lookedInto.set(topic, looked);
      for (const partition of looked) if (!assigned.includes(partition)) looked.delete(partition);
      for (const { partition } of this.sessions.of(topic)) {
        if (!assigned.includes(partition)) this.sessions.forget(topic, partition);
      }
      for (const partition of assigned) {
        if (looked.has(partition)) continue;
        // Where nothing is parked, the first record will be the one to take the partition over.
        if ((await parkedKeys(this.pipeline.views, { topic, partition })).keys.size > 0) await this.sessionOf(topic, partition);
        looked.add(partition);
      }
      const sessions = this.sessions.of(topic);
      // Another process may have the partition that promotions come in.
      if (sessions.some(({ parked }) => parked.size > 0)) {
        const again = await this.promotions.whatToTry(topic);
        if (again !== 'nothing') for (const session of sessions) tryAgain(session, again);
      }
      await this.parked.retryUntried(this.sessions.of(topic));
    });
  }

  /** Where no record has come yet, the partition is taken over now; the first record will begin another session. */
  private async sessionOf(topic: string, partition: number): Promise<Session> {
    return this.sessions.get(topic, partition) ?? (await this.open(topic, partition, 0)).session;
  }

  /** Ends what was left by whoever had the partition before. Where somebody else has it by now, the first write says so. */
  private async open(topic: string, partition: number, assignment: number): Promise<Opened> {
    const opened = await this.sessions.open(topic, partition, assignment);
    if (!opened.isNew) return opened;
    try {
      if (opened.owed !== undefined) await reactToOwed(this.pipeline, opened.session, opened.owed);
      await this.parked.endCutOff(opened.session);
    } catch (error) {
      this.sessions.forget(topic, partition); // else nobody would ask again what was left
      throw error;
    }
    return opened;
  }

  /**
   * To be called when no more records of a topic come for now, or none any more: what the last batch has reacted to is stored, so that
   * nobody reacts to it again.
   */
  rest(topic: string): Promise<void> {
    return this.inTurn(topic, async () => {
      for (;;) {
        const unstored = this.sessions
          .of(topic)
          .flatMap((session) => (session.reacted?.isStored === false ? [[session, session.reacted] as const] : []));
        if (unstored.length === 0) return;
        const fenced = await writeReacted(this.pipeline, unstored);
        if (fenced === undefined) return;
        this.forget(topic, fenced);
      }
    });
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
      const { topic } = deliveries[0]!;
      const fencedPartition = batch.items.length === 0 ? undefined : await this.store(batch.items, batch.sessions);
      if (fencedPartition === undefined) {
        await this.parked.retryUntried(batch.sessions.values());
        if (topic === ringTopic.topic && this.pipeline.subscriber.placement.tenant !== undefined)
          await this.goOnElsewhere(topic);
        return { lost: [...lost] };
      }
      this.forget(topic, fencedPartition);
      lost.add(fencedPartition);
    }
  }

  /** What is parked of other topics may have waited for a promotion that has come. These wait for the topic of promotions never. */
  private async goOnElsewhere(promotions: string): Promise<void> {
    for (const topic of this.pipeline.subscriber.topics) {
      const sessions = this.sessions.of(topic).filter(({ parked }) => parked.size > 0);
      if (topic === promotions || sessions.length === 0) continue;
      for (const session of sessions) tryAgain(session, 'all');
      await this.inTurn(topic, () => this.parked.retryUntried(this.sessions.of(topic)));
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
      const { session, isNew } = await untilAvailable(() => this.open(topic, partition, assignment), observer, signal);
      sessions.set(partition, session);
      if (!isNew) continue;
      if (await untilAvailable(() => this.refusedForGap(session, first), observer, signal)) {
        sessions.delete(partition);
        astray.add(partition);
      }
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
      items.push(session.parkedAhead.has(ordinal) ? { record, ordinal, isParked: true } : { record, ordinal });
    }
    return { items, sessions, astray };
  }

  /** Projects and stores; answers with the partition that was lost, in which case nothing counts as stored. */
  private async store(items: readonly Item[], sessions: ReadonlyMap<number, Session>): Promise<number | undefined> {
    const { pipeline } = this;
    const sessionOf = (item: Item): Session => sessions.get(item.record.partition)!;
    const projected = await untilAvailable(
      () => project(pipeline, items, (item) => isBlocked(sessionOf(item), item.record.key, item.ordinal)),
      pipeline.observer,
      pipeline.signal,
    );
    const checkpoints = checkpointsAfter(items, sessionOf);
    const isSettled = [...sessions.values()].every(({ checkpoint, inFlightUntil }) => checkpoint.ordinal >= inFlightUntil);
    for (const { partition, ordinal } of checkpoints) {
      const session = sessions.get(partition)!;
      session.inFlightUntil = Math.max(session.inFlightUntil, ordinal);
    }
    const moves = { sessions: [...sessions.values()], checkpoints, isSettled, reacted: reactedAfter(items, sessionOf) };
    const outcome = await writeProjected(pipeline, projected, moves);
    if (outcome.fenced !== undefined) return outcome.fenced;
    for (const checkpoint of checkpoints) sessions.get(checkpoint.partition)!.checkpoint = checkpoint;
    this.report(projected, outcome.parked, sessionOf);
    return undefined;
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
      addParked(sessionOf(item), key, reason, observer);
    }
    for (const { item } of projected.done) {
      const { untried, parked: waiting } = sessionOf(item);
      if (waiting.size === 0) continue;
      const { key } = item.record;
      // What waits behind a gap may go on.
      const parkedOfKey = waiting.get(key);
      if (parkedOfKey?.hasGap && !parkedOfKey.isBlocking && !untried.includes(key)) untried.unshift(key);
    }
  }
}

function checkpointsAfter(items: readonly Item[], sessionOf: (item: Item) => Session): readonly Checkpoint[] {
  const last = new Map<number, Item>();
  for (const item of items) last.set(item.record.partition, item);
  return [...last.values()].map((item) => {
    const { position } = item.record;
    return { ...sessionOf(item).checkpoint, position, ordinal: item.ordinal };
  });
}

function reactedAfter(items: readonly Item[], sessionOf: (item: Item) => Session): ReadonlyMap<Session, Reacted> {
  const taken = new Map<Session, { events: number; position: string }>();
  for (const item of items) {
    const session = sessionOf(item);
    const { position } = item.record;
    const before = taken.get(session);
    if (before === undefined) taken.set(session, { events: 1, position });
    else [before.events, before.position] = [before.events + 1, position];
  }
  const reacted = new Map<Session, Reacted>();
  for (const [session, { events, position }] of taken)
    if (session.reacted !== undefined) reacted.set(session, reactedUpTo(session.reacted, position, events));
  return reacted;
}
