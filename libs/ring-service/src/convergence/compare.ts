import { concurrently, type Clock } from '@ringside/core';

import { isSame, noEvents } from '../holdings/digest.js';
import { bucketsOf, daysOf, heldIn, type HeldEvent, type HeldViews, type NamedTally } from '../holdings/held.js';
import { dayOf, type HeldAt } from '../holdings/holdings.js';
import { BucketFindings, Findings, type TopicComparison } from './findings.js';
import { heldPageMax, type Peer } from './peer.js';

/** Of one comparison, so that neither it nor a peer can take more memory than this. */
const eventsPerBucketMax = 100_000;
/** A peer on another continent takes a tenth of a second for an answer, however little there is to say. */
const bucketsAtOnce = 8;
/** So far may the clock of another log be ahead. What it says to have taken later than this is not on its way, but missing. */
const clockSkewMsMax = 60_000;

export interface CompareOptions {
  readonly views: HeldViews;
  readonly peer: Peer;
  readonly topic: string;
  /** What the other log has taken after this moment, in ms since the epoch, may be on its way. */
  readonly settledBefore: number;
  readonly clock: Clock;
  /** From this moment on, in ms since the epoch, nothing more is looked into but the first few buckets, so that each comparison gets on. */
  readonly deadline: number;
  /** Where an earlier comparison was cut short. */
  readonly from?: string | undefined;
}

/** Compares days, in those that differ buckets, and in those that differ events. Throws `PeerError`. */
export async function compareTopic(options: CompareOptions): Promise<TopicComparison> {
  const { topic, clock, deadline } = options;
  const now = clock();
  const found = new Findings(topic);
  for await (const buckets of inGroups(differingBuckets(options), bucketsAtOnce)) {
    if (found.isFull || (found.bucketsLookedInto > 0 && clock() >= deadline)) return found.resultUntil(buckets[0]!);
    const ofBuckets = await concurrently(buckets, bucketsAtOnce, (bucket) => lookInto({ topic, bucket }, options, now));
    for (const [i, ofBucket] of ofBuckets.entries()) {
      if (found.isFull) return found.resultUntil(buckets[i]!);
      found.add(ofBucket);
    }
  }
  return found.result(undefined);
}

async function* inGroups<T>(items: AsyncIterable<T>, size: number): AsyncGenerator<readonly T[]> {
  let group: T[] = [];
  for await (const item of items) {
    if (group.push(item) < size) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}

/** The newest first; or from where an earlier comparison was cut short, and around: none is left out for ever. */
async function* differingBuckets({ views, peer, topic, from }: CompareOptions): AsyncGenerator<string> {
  const days = [...differing(await daysOf(views, topic), await peer.days(topic))].reverse();
  const ofDay = async (day: string): Promise<readonly string[]> =>
    [...differing(await bucketsOf(views, topic, day), await peer.buckets(topic, day))].reverse();
  for (const day of days) {
    if (from !== undefined && day > dayOf(from)) continue;
    for (const bucket of await ofDay(day)) if (from === undefined || bucket <= from) yield bucket;
  }
  if (from === undefined) return;
  for (const day of days) {
    if (day < dayOf(from)) continue;
    for (const bucket of await ofDay(day)) if (bucket > from) yield bucket;
  }
}

/** Names of what the two do not have the same of. */
function differing(here: readonly NamedTally[], there: readonly NamedTally[]): readonly string[] {
  const ofName = new Map(there.map((tally) => [tally.name, tally]));
  const names = [...new Set([...here, ...there].map(({ name }) => name))].sort();
  const mine = new Map(here.map((tally) => [tally.name, tally]));
  return names.filter((name) => !isSame(mine.get(name) ?? noEvents, ofName.get(name) ?? noEvents));
}

/** Both lists are in the order of their ids, and are merged page by page. */
async function lookInto(at: HeldAt, { views, peer, settledBefore }: CompareOptions, now: number): Promise<BucketFindings> {
  const found = new BucketFindings(at, (takenAt) => takenAt >= settledBefore && takenAt <= now + clockSkewMsMax);
  const mine = pages((after) => heldIn(views, at, { after, limit: heldPageMax }));
  const theirs = pages((after) => peer.held(at, after));
  let [here, there] = [await mine.next(), await theirs.next()];
  for (let looked = 0; here !== undefined || there !== undefined; looked++) {
    if (looked === eventsPerBucketMax) {
      found.isCutShort = true;
      break;
    }
    if (there === undefined || (here !== undefined && here.id < there.id)) {
      found.onlyHere(here!);
      here = await mine.next();
    } else if (here === undefined || there.id < here.id) {
      found.onlyThere(there);
      there = await theirs.next();
    } else {
      if (here.hash !== there.hash) found.contradicts(here, there);
      [here, there] = [await mine.next(), await theirs.next()];
    }
  }
  return found;
}

function pages(page: (after: string | undefined) => Promise<readonly HeldEvent[]>): {
  next(): Promise<HeldEvent | undefined>;
} {
  let current: readonly HeldEvent[] = [];
  let place = 0;
  let isLast = false;
  return {
    async next() {
      if (place === current.length && !isLast) {
        current = await page(current.at(-1)?.id);
        place = 0;
        isLast = current.length < heldPageMax;
      }
      return current[place++];
    },
  };
}
