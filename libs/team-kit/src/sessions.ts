import type { Checkpoint } from '@ringside/view-store';

import type { Observer } from './observer.js';
import { addedTo, parkedKeys, type ParkedEvent, type ParkedOfKey, type ParkedOfPartition, type ParkReason } from './parking.js';
import type { Views } from './views.js';

/** No batch has more records of one partition: so many events may be stored of which the checkpoint does not know. */
const inFlightEventsMax = 1_000;

/** What this process knows of a source partition whose views it writes. */
export interface Session {
  readonly topic: string;
  readonly partition: number;
  /** The log's assignment that it belongs to; records of older ones are dropped. */
  readonly assignment: number;
  checkpoint: Checkpoint;
  /** Absent where the subscriber has no reactions. */
  reacted?: Reacted;
  /** What is parked, by key: later events of these keys queue behind it, where it blocks them. */
  readonly parked: Map<string, ParkedOfKey>;
  /** Ordinals of events that were parked by whoever had the partition before, and was cut off: they stay so when they come again. */
  readonly parkedAhead: ReadonlySet<number>;
  readonly blockedFrom: ParkedOfPartition['blockedFrom'];
  /** What has to be tried again before anything else is numbered: see `triedWrites`. */
  readonly cutOff: readonly ParkedEvent[];
  /** Keys to be tried: that were parked at the takeover, or of which something has come that others wait for. */
  readonly untried: string[];
  /**
   * Rows may be stored with ordinals up to this one, which is ahead of the checkpoint's where a write was cut off. The
   * figures among them contain exactly the events that will get these ordinals again: no other event may get them.
   */
  inFlightUntil: number;
}

/**
 * Up to where events have been reacted to: what follows from them is in the log, or parked. It is stored with the next batch, and by
 * itself when none comes, so that a batch is one write; whoever takes the partition over reacts once more to what lies between it and
 * the checkpoint.
 */
export interface Reacted {
  readonly checkpoint: Checkpoint;
  /** Whether the store has it. */
  readonly isStored: boolean;
}

/** Behind so many further events, of which the last one is at this position. Its ordinals are its own: they only rise. */
export const reactedUpTo = (reacted: Reacted, position: string | null, events: number): Reacted => ({
  checkpoint: { ...reacted.checkpoint, position, ordinal: reacted.checkpoint.ordinal + events },
  isStored: false,
});

/** Events that the views contain, and that nobody may have reacted to: those behind `after`, up to `until`. */
export interface Owed {
  readonly after: string | null;
  readonly until: string;
}

/** `topic/partition`: names a source in rows and logs. */
export const sourceOf = (at: { readonly topic: string; readonly partition: number }): string => `${at.topic}/${at.partition}`;

/** The source partitions that this process has taken over. */
export class Sessions {
  private readonly sessions = new Map<string, Session>();

  /** @param reacts whether the subscriber has reactions. */
  constructor(
    private readonly views: Views,
    private readonly observer: Observer,
    private readonly reacts: boolean,
  ) {}

  get(topic: string, partition: number): Session | undefined {
    return this.sessions.get(sourceOf({ topic, partition }));
  }

  of(topic: string): readonly Session[] {
    return [...this.sessions.values()].filter((session) => session.topic === topic);
  }

  /** The session of an assignment; a new assignment raises the epoch first, which shuts out whoever wrote before. */
  async open(topic: string, partition: number, assignment: number): Promise<Opened> {
    const existing = this.get(topic, partition);
    if (existing !== undefined && existing.assignment >= assignment) return { session: existing, isNew: false };
    const { store } = this.views;
    const [checkpoint, taken] = await Promise.all([
      store.takeOver(this.views.checkpointName(topic), partition),
      this.reacts ? store.takeOver(this.views.reactedName(topic), partition) : undefined,
    ]);
    const reacted = taken && (await this.reactedOf(taken, checkpoint));
    const { keys: parked, ahead, blockedFrom, cutOff } = await parkedKeys(this.views, { topic, partition }, checkpoint.ordinal);
    // Also where rows and checkpoint are one write: what is parked of one partition has the rows of its whole batch written first.
    const inFlightUntil = checkpoint.ordinal + inFlightEventsMax;
    const session: Session = {
      ...{ topic, partition, assignment, checkpoint, parked, parkedAhead: ahead, blockedFrom, cutOff },
      ...(reacted && { reacted }),
      ...{ untried: [...parked.keys()], inFlightUntil },
    };
    this.sessions.set(sourceOf(session), session);
    this.observer.takenOver(topic, partition, checkpoint.epoch);
    this.observer.parkedNow(topic, partition, parkedCount(session));
    const owed = reacted && owedBetween(reacted.checkpoint.position, checkpoint.position);
    return { session, isNew: true, ...(owed && { owed }) };
  }

  /**
   * Who wrote these views before there was such a thing moved their checkpoint only when it had reacted. So it is as well where it is
   * ahead of the views, as behind a rollback.
   */
  private async reactedOf(taken: Checkpoint, { position }: Checkpoint): Promise<Reacted> {
    const isNew = taken.ordinal === 0;
    const isAhead = taken.position !== null && (position === null || position < taken.position);
    if (!isNew && !isAhead) return { checkpoint: taken, isStored: true };
    const checkpoint = { ...taken, position, ordinal: taken.ordinal + 1 };
    // Before the views move on: from then on it tells what is owed. Somebody else may have the partition by now: they have said so.
    await this.views.store.write([], { checkpoints: [checkpoint] });
    return { checkpoint, isStored: true };
  }

  forget(topic: string, partition: number): void {
    this.sessions.delete(sourceOf({ topic, partition }));
    this.observer.parkedNow(topic, partition, 0); // whoever has the partition now shows its figure
  }
}

export interface Opened {
  readonly session: Session;
  readonly isNew: boolean;
  readonly owed?: Owed;
}

const owedBetween = (after: string | null, until: string | null): Owed | undefined =>
  until === null || (after !== null && after >= until) ? undefined : { after, until };

const parkedCount = (session: Session): number => [...session.parked.values()].reduce((sum, { count }) => sum + count, 0);

/** One more event of the key is parked. */
export function addParked(session: Session, key: string, reason: ParkReason, observer: Observer): void {
  session.parked.set(key, addedTo(session.parked.get(key), reason));
  observer.parkedNow(session.topic, session.partition, parkedCount(session));
}

/** So much is parked of the key now. */
export function setParked(session: Session, key: string, parked: ParkedOfKey, observer: Observer): void {
  if (parked.count > 0) session.parked.set(key, parked);
  else session.parked.delete(key);
  observer.parkedNow(session.topic, session.partition, parkedCount(session));
}

/** Whether an event of the key, at its place, has to queue. */
export function isBlocked({ parked, blockedFrom }: Session, key: string, ordinal: number): boolean {
  return parked.size > 0 && (parked.get(key)?.isBlocking ?? false) && ordinal > (blockedFrom.get(key) ?? 0);
}

/** So many keys at a time are tried again unasked because they keep others waiting. */
const blockingKeysMax = 100;

/** Has parked keys tried again: all of them, or some that keep others waiting. */
export function tryAgain({ parked, untried }: Session, which: 'all' | 'blocking'): void {
  const known = new Set(untried);
  const keys = [...parked].filter(([key, { isBlocking }]) => !known.has(key) && (which === 'all' || isBlocking));
  for (const [key, waiting] of which === 'all' ? keys : keys.slice(0, blockingKeysMax)) {
    untried.push(key);
    // To the end: the next time it is the turn of others.
    parked.delete(key);
    parked.set(key, waiting);
  }
}
