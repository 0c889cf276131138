import { UnavailableError } from '@ringside/core';

import {
  addedTo,
  discardWrite,
  pageOfParked,
  recordsOf,
  unparkWrites,
  withinBytes,
  type ParkedEvent,
  type ParkedOfKey,
} from './parking.js';
import { project, type Item, type Pipeline } from './pipeline.js';
import { setParked, type Session, type Sessions } from './sessions.js';
import { write, writeProjected } from './write-projected.js';

/** At most this many parked events of a key, with records of so many bytes, are retried in one go. */
const retryEventsMax = 500;
const retryBytesMax = 16_777_216;

/** Of what is retried without being asked for: so many keys, so long, between two batches. */
const untriedKeysMax = 20;
const untriedMsMax = 200;

/**
 * - `unsettled`: an earlier attempt may have stored rows of events that the checkpoint does not have yet. These events come
 *   again; until they have, nothing else may be numbered.
 * - `fenced`: another process has taken the partition over.
 */
export type NotTried = 'unsettled' | 'fenced';

/** Retries and discards parked events. One call at a time for each topic. */
export class ParkedKeys {
  constructor(
    private readonly pipeline: Pipeline,
    private readonly sessions: Sessions,
  ) {}

  /** Tries the parked events of a key again, in order, until one fails; answers how many went through. */
  async retry(session: Session, key: string): Promise<number | NotTried> {
    return (await this.isSettled(session)) ? this.retryKey(session, key) : 'unsettled';
  }

  /** Gives up the first parked event of a key, for good, and tries those behind it. */
  async discard(session: Session, key: string, eventId: string): Promise<'discarded' | 'not_first' | NotTried> {
    const { views, observer } = this.pipeline;
    const { topic, partition } = session;
    const [first] = await pageOfParked(views, { topic, partition, key }, { limit: 1 });
    if (first?.eventId !== eventId) return 'not_first';
    if (!(await this.isSettled(session))) return 'unsettled';
    const ordinal = session.checkpoint.ordinal + 1;
    if (!(await this.reserveOrdinals(session, 1))) return 'fenced';
    const unpark = unparkWrites(views, [first], () => ordinal);
    const rows = [...unpark.rows, views.addressed(discardWrite(first, ordinal))];
    if ((await write(this.pipeline, { ...unpark, rows }, [session.checkpoint])) !== undefined) return this.fenced(session);
    observer.unparked({ topic, partition, eventId, how: 'discarded' });
    const before = session.parked.get(key) ?? nothingParked;
    setParked(session, key, { ...before, count: before.count - 1 }, observer);
    await this.retryKey(session, key);
    return 'discarded';
  }

  /**
   * Retries keys that were parked when their partitions were taken over: a new deployment may have mended what parked them.
   * Takes some at a time, so that events that come in the meantime do not wait for long.
   */
  async retryUntried(sessions: Iterable<Session>): Promise<void> {
    const until = performance.now() + untriedMsMax;
    let keysLeft = untriedKeysMax;
    for (const session of sessions) {
      if (session.untried.length === 0 || !(await this.unlessAway(() => this.isSettled(session)))) continue;
      while (keysLeft-- > 0 && performance.now() < until) {
        const key = session.untried.shift();
        if (key === undefined) break;
        const outcome = await this.unlessAway(() => this.retryKey(session, key));
        if (outcome === undefined) session.untried.unshift(key);
        if (typeof outcome !== 'number') break;
      }
    }
  }

  /** Nobody waits for these retries: they go on another time. */
  private async unlessAway<T>(call: () => Promise<T>): Promise<T | undefined> {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof UnavailableError)) throw error;
      this.pipeline.observer.waiting(error.dependency, error.message, 1);
      return undefined;
    }
  }

  /** Whether everything that may have been in flight when the partition was taken over has come again, and is stored. */
  private async isSettled(session: Session): Promise<boolean> {
    const { topic, partition, checkpoint } = session;
    if (checkpoint.ordinal >= session.inFlightUntil) return true;
    const heads = await this.pipeline.log.heads(topic);
    const head = heads.find((one) => one.partition === partition)?.head ?? null;
    if (head !== null && head > (checkpoint.position ?? '')) return false;
    session.inFlightUntil = checkpoint.ordinal;
    return true;
  }

  private async retryKey(session: Session, key: string): Promise<number | 'fenced'> {
    const { pipeline } = this;
    const { observer, views } = pipeline;
    const page = await pageOfParked(views, { ...session, key }, { limit: retryEventsMax });
    const parked = withinBytes(page, retryBytesMax);
    // An event whose parking was cut off before its checkpoint was counted when it came again, too.
    const isWhole = page.length < retryEventsMax;
    const before = isWhole ? parkedAs(page) : (session.parked.get(key) ?? nothingParked);
    if (isWhole) setParked(session, key, before, observer);
    const first = session.checkpoint.ordinal + 1;
    const records = await recordsOf(views, parked);
    const items = parked.map((one, i): Item => ({ record: records[i]!, ordinal: first + i, wasParked: one }));
    const projected = await project(pipeline, items, () => false, 0);
    if (projected.done.length === 0) return 0;
    if (!(await this.reserveOrdinals(session, parked.length))) return 'fenced';
    // What fails again stays parked as it is, with all behind it.
    const outcome = await writeProjected(pipeline, { ...projected, parked: [] }, [session], [session.checkpoint]);
    if (outcome.fenced !== undefined) return this.fenced(session);
    const still = new Set(outcome.parked.map(({ item }) => item));
    const through = projected.done.filter(({ item }) => !still.has(item));
    for (const { item } of through) observer.unparked({ ...session, eventId: item.record.id, how: 'retried' });
    const left = isWhole ? parkedAs(page.filter((_, i) => !through.some(({ item }) => item === items[i]))) : before;
    setParked(session, key, isWhole ? left : { ...before, count: before.count - through.length }, observer);
    // What went through may be what an earlier one in the queue waits for.
    if (through.length > 0 && left.hasGap && !left.isBlocking) session.untried.unshift(key);
    return through.length;
  }

  /**
   * Moves the checkpoint's ordinal on before anything is written with the numbers: a crash in between leaves numbers
   * unused, and none used twice.
   */
  private async reserveOrdinals(session: Session, count: number): Promise<boolean> {
    const checkpoint = { ...session.checkpoint, ordinal: session.checkpoint.ordinal + count };
    if ((await write(this.pipeline, { rows: [] }, [checkpoint])) !== undefined) {
      this.fenced(session);
      return false;
    }
    session.checkpoint = checkpoint;
    return true;
  }

  private fenced({ topic, partition }: Session): 'fenced' {
    this.sessions.forget(topic, partition);
    this.pipeline.observer.fenced(topic, partition);
    return 'fenced';
  }
}

const nothingParked: ParkedOfKey = { count: 0, isBlocking: false, hasGap: false };

const parkedAs = (parked: readonly Pick<ParkedEvent, 'reason'>[]): ParkedOfKey =>
  parked.reduce((sum, { reason }) => addedTo(sum, reason), nothingParked);
