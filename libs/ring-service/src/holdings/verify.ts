import { isUuidv7 } from '@ringside/core';
import type { EventLog, StoredRecord } from '@ringside/event-log';

import { addedBy, hashOf, isSame, noEvents, tallyOf } from './digest.js';
import { bucketsOf, daysOf, heldIn, holdingsOf, type HeldEvent, type HeldViews } from './held.js';
import { bucketOf, type HeldAt } from './holdings.js';
import { readBehindDamage } from './read-behind-damage.js';

/** An event that the log had when the views took it in, and that cannot be read from it any more. */
export interface GoneEvent {
  readonly at: HeldAt;
  readonly id: string;
  readonly hash: string;
}

export interface Verified {
  readonly topic: string;
  /** Records of the log. */
  readonly read: number;
  /** Of these, those whose id is none of an event: nothing here has made them, and they are left out. */
  readonly unreadable: number;
  /** Places of the log, besides, whose records are damaged. What was there is gone, unless the log has a copy of it. */
  readonly damaged: number;
  /** Ids that the log had with other bytes when the views took them in. Nothing mends that by itself. At most {@link goneMax}. */
  readonly changed: readonly string[];
  /** The first {@link goneMax} of them. */
  readonly gone: readonly GoneEvent[];
  readonly isCutShort: boolean;
}

export interface VerifyOptions {
  readonly views: HeldViews;
  readonly log: Pick<EventLog, 'read' | 'heads'>;
  readonly topic: string;
  /** Aborted, it throws the reason. */
  readonly signal: AbortSignal;
}

const goneMax = 5_000;
const bucketsMax = 500;
const recordsAtOnce = 500;
/** Events whose hashes are kept while the log is read for the second time; and of the first time, those that it has several times. */
const suspectsMax = 100_000;
const countedMax = 100_000;
const heldPageMax = 1_000;

/**
 * Reads a topic of the log from its beginning and compares it with what the views say that it has: they are made of what was read
 * once, and do not see what is lost afterwards. Takes as long as reading the topic does, once or, where something is gone, twice.
 */
export async function verifyTopic({ views, log, topic, signal }: VerifyOptions): Promise<Verified> {
  const startedAt = Date.now();
  const tallies = new BucketTallies();
  let [read, unreadable, damaged] = [0, 0, 0];
  for await (const records of batchesOf(log, topic, () => void damaged++)) {
    signal.throwIfAborted();
    read += records.length;
    const readable = records.filter(({ id }) => isUuidv7(id));
    unreadable += records.length - readable.length;
    await tallies.add(views, topic, readable);
  }
  const { buckets, isCutShort } = await differing(views, topic, tallies);
  if (buckets.size === 0) return { ...{ topic, read, unreadable, damaged, isCutShort }, gone: [], changed: [] };
  const suspects = await suspectsIn(views, { topic, buckets, takenBefore: startedAt });
  for await (const records of batchesOf(log, topic)) {
    signal.throwIfAborted();
    for (const record of records) suspects.see(record);
  }
  const { gone, changed } = suspects.verdict();
  const isPart = isCutShort || suspects.isCutShort || gone.length > goneMax || changed.length > goneMax;
  return {
    ...{ topic, read, unreadable, damaged, isCutShort: isPart },
    ...{ gone: gone.slice(0, goneMax), changed: changed.slice(0, goneMax) },
  };
}

interface Suspects {
  readonly isCutShort: boolean;
  see(record: StoredRecord): void;
  verdict(): Pick<Verified, 'gone' | 'changed'>;
}

/** Events of buckets that differ, until they are seen with the bytes that they had. */
async function suspectsIn(
  views: HeldViews,
  {
    topic,
    buckets,
    takenBefore,
  }: { readonly topic: string; readonly buckets: ReadonlySet<string>; readonly takenBefore: number },
): Promise<Suspects> {
  const unseen = new Map<string, GoneEvent>();
  const changed = new Set<string>();
  let isCutShort = false;
  for (const bucket of buckets) {
    const at = { topic, bucket };
    for await (const { id, hash, takenAt } of everythingIn(views, at)) {
      // What came while the log was read is there, whether or not it was seen.
      if (takenAt >= takenBefore) continue;
      if (unseen.size < suspectsMax) unseen.set(id, { at, id, hash });
      else isCutShort = true;
    }
  }
  return {
    isCutShort,
    see({ id, bytes }) {
      const suspect = unseen.get(id);
      if (suspect === undefined) return;
      if (suspect.hash !== hashOf(id, bytes)) return void changed.add(id);
      unseen.delete(id);
      changed.delete(id);
    },
    verdict: () => ({
      gone: [...unseen.values()].filter(({ id }) => !changed.has(id)),
      changed: [...changed],
    }),
  };
}

async function* batchesOf(
  log: VerifyOptions['log'],
  topic: string,
  onDamaged: () => void = () => undefined,
): AsyncGenerator<readonly StoredRecord[]> {
  for (const { partition } of await log.heads(topic)) {
    let batch: StoredRecord[] = [];
    for await (const record of readBehindDamage(log, { topic, partition })) {
      if (record.bytes === undefined) onDamaged();
      else batch.push(record);
      if (batch.length < recordsAtOnce) continue;
      yield batch;
      batch = [];
    }
    yield batch;
  }
}

/** What the log has of each bucket, each event once. */
class BucketTallies {
  private readonly figures = new Map<string, Record<string, number>>();
  /**
   * Events that the log has several times, of which one has been counted. Of more than it keeps, copies are counted as well: their
   * buckets differ then, and are looked into.
   */
  private readonly counted = new Set<string>();

  async add(views: HeldViews, topic: string, records: readonly StoredRecord[]): Promise<void> {
    const ofBucket = new Map<string, StoredRecord[]>();
    for (const record of records) {
      const bucket = bucketOf(record.id, record.key);
      const found = ofBucket.get(bucket);
      if (found === undefined) ofBucket.set(bucket, [record]);
      else found.push(record);
    }
    for (const [bucket, found] of ofBucket) {
      const held = await holdingsOf(views, { topic, bucket }, [...new Set(found.map(({ id }) => id))]);
      const known = new Map(held.map((one) => [one.id, one]));
      for (const { id, bytes } of found) {
        const holding = known.get(id);
        if (holding === undefined || holding.hash !== hashOf(id, bytes) || this.counted.has(id)) continue;
        if (holding.copies > 0 && this.counted.size < countedMax) this.counted.add(id);
        this.count(bucket, holding.hash);
      }
    }
  }

  of(bucket: string) {
    const figures = this.figures.get(bucket);
    return figures === undefined ? noEvents : tallyOf(figures);
  }

  private count(bucket: string, hash: string): void {
    const sums = this.figures.get(bucket) ?? {};
    for (const [name, amount] of Object.entries(addedBy(hash))) sums[name] = (sums[name] ?? 0) + amount;
    this.figures.set(bucket, sums);
  }
}

async function differing(
  views: HeldViews,
  topic: string,
  tallies: BucketTallies,
): Promise<{ readonly buckets: ReadonlySet<string>; readonly isCutShort: boolean }> {
  const buckets = new Set<string>();
  for (const { name: day } of await daysOf(views, topic)) {
    for (const bucket of await bucketsOf(views, topic, day)) {
      if (isSame(bucket, tallies.of(bucket.name))) continue;
      if (buckets.size === bucketsMax) return { buckets, isCutShort: true };
      buckets.add(bucket.name);
    }
  }
  return { buckets, isCutShort: false };
}

async function* everythingIn(views: HeldViews, at: HeldAt): AsyncGenerator<HeldEvent> {
  let after: string | undefined;
  for (;;) {
    const page = await heldIn(views, at, { after, limit: heldPageMax });
    yield* page;
    if (page.length < heldPageMax) return;
    after = page.at(-1)!.id;
  }
}
