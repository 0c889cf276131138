import { UnavailableError } from '@ringside/core';

import {
  addedTo,
  discardWrite,
  isBlocking,
  pageOfParked,
  recordsOf,
  triedWrites,
  unparkWrites,
  withinBytes,
  type ParkedEvent,
  type ParkedOfKey,
  type TriedNumbers,
} from './parking.js';
import { project, type Item, type Pipeline, type Projected } from './pipeline.js';
import { setParked, type Session, type Sessions } from './sessions.js';
import { write, writeProjected } from './write-projected.js';

/** At most this many parked events of a key, with records of so many bytes, are retried in one go. */
const retryEventsMax = 500;
const retryBytesMax = 16_777_216;
/** What keeps nothing waiting is passed over, up to so many times as many: who forges records cannot hold up what lies behind them. */
const retryPagesMax = 20;

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

  /** Gives up the first parked event of a key, for good, and tries those behind it. One that is not allowed may be anywhere. */
  async discard(session: Session, key: string, eventId: string): Promise<'discarded' | 'not_first' | NotTried> {
    const { views, observer } = this.pipeline;
    const { topic, partition } = session;
    const first = await this.discardable(session, key, eventId);
    if (first === undefined) return 'not_first';
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

  private async discardable({ topic, partition }: Session, key: string, eventId: string): Promise<ParkedEvent | undefined> {
    let after: string | undefined;
    for (let pages = 0; pages < retryPagesMax; pages++) {
      const options = { limit: retryEventsMax, ...(after === undefined ? {} : { after }) };
      const page = await pageOfParked(this.pipeline.views, { topic, partition, key }, options);
      const found = page.find(
        (one, i) => one.eventId === eventId && ((pages === 0 && i === 0) || one.reason === 'not_allowed'),
      );
      if (found !== undefined || page.length < retryEventsMax) return found;
      after = page.at(-1)!.place;
    }
    return undefined;
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

  /** To be called when a partition was taken over, before anything of it is numbered. */
  async endCutOff(session: Session): Promise<void> {
    const { cutOff } = session;
    if (cutOff.length === 0) return;
    const records = await recordsOf(this.pipeline.views, cutOff);
    const items = cutOff.map((one, i): Item => ({ record: records[i]!, ordinal: one.tried!.ordinal, wasParked: one }));
    const stored = await this.orForget(session, this.store(session, await project(this.pipeline, items, () => false, 0)));
    if (stored === 'fenced') return;
    // What fails now has lost its numbers: others come behind them.
    if (stored.through.size < items.length && !(await this.reserveOrdinals(session, 1))) return;
    for (const { record } of stored.through) {
      const before = session.parked.get(record.key) ?? nothingParked;
      setParked(session, record.key, { ...before, count: before.count - 1 }, this.pipeline.observer);
    }
  }

  /** Page by page, as long as nothing in one keeps what is behind it waiting. */
  private async retryKey(session: Session, key: string): Promise<number | 'fenced'> {
    const { observer } = this.pipeline;
    let left = nothingParked;
    let through = 0;
    let after: string | undefined;
    for (let pages = 1; ; pages++) {
      const one = await this.retryPage(session, key, after);
      if (one === 'fenced') return 'fenced';
      through += one.through;
      left = one.left.reduce((sum, { reason }) => addedTo(sum, reason), left);
      after = one.next;
      if (after === undefined || one.isHeldUp || pages === retryPagesMax) break;
    }
    // An event whose parking was cut off before its checkpoint was counted when it came again, too: the pages are right, if all were seen.
    const before = session.parked.get(key) ?? nothingParked;
    const known = after === undefined ? left : { ...before, count: Math.max(left.count, before.count - through) };
    setParked(session, key, known, observer);
    // What went through may be what an earlier one in the queue waits for.
    if (through > 0 && known.hasGap && !known.isBlocking) session.untried.unshift(key);
    return through;
  }

  /** Tries the first events behind a place. `next` is where to go on; undefined where nothing is behind them. */
  private async retryPage(session: Session, key: string, after: string | undefined): Promise<RetriedPage | 'fenced'> {
    const { pipeline } = this;
    const { views } = pipeline;
    const limit = retryEventsMax;
    const page = await pageOfParked(views, { ...session, key }, { limit, ...(after === undefined ? {} : { after }) });
    const parked = withinBytes(page, retryBytesMax);
    const next = page.length < limit && parked.length === page.length ? undefined : parked.at(-1)!.place;
    // Rows and what says that they are there are stored together, or else the numbers are remembered, which takes one more.
    const isRemembered = !views.store.capabilities.atomicWrite;
    const first = session.checkpoint.ordinal + (isRemembered ? 2 : 1);
    const records = await recordsOf(views, parked);
    const items = parked.map((one, i): Item => ({ record: records[i]!, ordinal: first + i, wasParked: one }));
    const projected = await project(pipeline, items, () => false, 0);
    const isHeldUp = projected.parked.some(({ reason }) => isBlocking(reason));
    if (projected.done.length === 0) return { through: 0, left: parked, next, isHeldUp };
    const lastOrdinal = first + parked.length - 1;
    if (!(await this.reserveOrdinals(session, lastOrdinal - session.checkpoint.ordinal))) return 'fenced';
    const numbers = isRemembered ? { timestamp: first - 1, lastOrdinal } : undefined;
    const stored = await this.orForget(session, this.store(session, projected, numbers));
    if (stored === 'fenced') return 'fenced';
    const { through } = stored;
    const left = parked.filter((_, i) => !through.has(items[i]!));
    return { through: through.size, left, next, isHeldUp: isHeldUp || through.size < projected.done.length };
  }

  private async remember(session: Session, { done }: Projected, at: TriedNumbers): Promise<boolean> {
    const tried = done.map(({ item: { wasParked, ordinal } }) => ({ parked: wasParked!, ordinal }));
    const rows = triedWrites(this.pipeline.views, tried, at);
    if ((await write(this.pipeline, { rows }, [session.checkpoint])) === undefined) return true;
    this.fenced(session);
    return false;
  }

  /** Where a process goes on after a write that was cut off, it does so in another session, which ends that first. */
  private async orForget<T>(session: Session, work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      this.sessions.forget(session.topic, session.partition);
      throw error;
    }
  }

  /** What fails again stays parked as it is, with all behind it; answers with what went through. */
  private async store(
    session: Session,
    projected: Projected,
    toRemember?: TriedNumbers,
  ): Promise<{ readonly through: ReadonlySet<Item> } | 'fenced'> {
    if (toRemember !== undefined && !(await this.remember(session, projected, toRemember))) return 'fenced';
    // These events are behind neither checkpoint: they were parked.
    const moves = { sessions: [session], checkpoints: [session.checkpoint], isSettled: false, reacted: new Map() };
    const outcome = await writeProjected(this.pipeline, { ...projected, parked: [] }, moves);
    if (outcome.fenced !== undefined) return this.fenced(session);
    const still = new Set(outcome.parked.map(({ item }) => item));
    const through = new Set(projected.done.flatMap(({ item }) => (still.has(item) ? [] : [item])));
    for (const { record } of through) {
      this.pipeline.observer.unparked({ ...session, eventId: record.id, how: 'retried' });
    }
    return { through };
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

interface RetriedPage {
  readonly through: number;
  readonly left: readonly ParkedEvent[];
  readonly next: string | undefined;
  /** Something in it keeps waiting what is behind it. */
  readonly isHeldUp: boolean;
}
