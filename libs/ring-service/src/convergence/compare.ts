import { isSame, noEvents } from '../holdings/digest.js';
import { bucketsOf, daysOf, heldIn, type HeldEvent, type HeldViews, type NamedTally } from '../holdings/held.js';
import { dayOf, type HeldAt } from '../holdings/holdings.js';
import { heldPageMax, type Peer } from './peer.js';

/** Of one comparison, so that neither it nor a peer can take more memory than this; the rest is found when these are mended. */
const eventsPerBucketMax = 100_000;
const missingMax = 5_000;
const conflictsShownMax = 100;
/** Buckets that are looked into event by event. */
const bucketsLookedIntoMax = 2_000;
/** So far may the clock of another log be ahead. What it says to have taken later than this is not on its way, but missing. */
const clockSkewMsMax = 60_000;

/** An event that the peer has, this region has not, and that is not on its way any more. */
export interface MissingEvent {
  readonly at: HeldAt;
  readonly id: string;
  /** What the peer says that its id and bytes hash to. */
  readonly hash: string;
}

/** One id with two contents: neither region takes that of the other, and people have to look. */
export interface Conflict {
  readonly bucket: string;
  readonly id: string;
  readonly here: string;
  readonly there: string;
}

/** What came of comparing a topic with a peer. Events that may be on their way count for nothing but `onTheirWay`. */
export interface TopicComparison {
  readonly topic: string;
  readonly equal: boolean;
  /** Buckets in which something is missing or contradicts. */
  readonly differingBuckets: readonly string[];
  /** The first {@link missingMax} of them. */
  readonly missingHere: readonly MissingEvent[];
  readonly missingThere: number;
  readonly onTheirWay: number;
  readonly conflictCount: number;
  readonly conflicts: readonly Conflict[];
  /** Whether there was more to look into than one comparison may. */
  readonly isCutShort: boolean;
  /** The bucket that the next comparison is to begin with, where this one was cut short. */
  readonly next: string | undefined;
}

export interface CompareOptions {
  readonly views: HeldViews;
  readonly peer: Peer;
  readonly topic: string;
  /** What the other log has taken after this moment, in ms since the epoch, may be on its way. */
  readonly settledBefore: number;
  /** ms since the epoch. */
  readonly now: number;
  /** Where an earlier comparison was cut short. */
  readonly from?: string | undefined;
}

/** Compares days, in those that differ buckets, and in those that differ events. Throws `PeerError`. */
export async function compareTopic(options: CompareOptions): Promise<TopicComparison> {
  const { topic } = options;
  const found = new Findings(options);
  for await (const bucket of differingBuckets(options)) {
    if (!found.mayLookInto(bucket)) return found.result(bucket);
    await lookInto({ topic, bucket }, options, found);
  }
  return found.result(undefined);
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
async function lookInto(at: HeldAt, { views, peer }: CompareOptions, found: Findings): Promise<void> {
  const mine = pages((after) => heldIn(views, at, { after, limit: heldPageMax }));
  const theirs = pages((after) => peer.held(at, after));
  let [here, there] = [await mine.next(), await theirs.next()];
  for (let looked = 0; here !== undefined || there !== undefined; looked++) {
    if (looked === eventsPerBucketMax) return found.cutShort();
    if (there === undefined || (here !== undefined && here.id < there.id)) {
      found.onlyHere(at, here!);
      here = await mine.next();
    } else if (here === undefined || there.id < here.id) {
      found.onlyThere(at, there);
      there = await theirs.next();
    } else {
      if (here.hash !== there.hash) found.contradicts(at, here, there);
      [here, there] = [await mine.next(), await theirs.next()];
    }
  }
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

class Findings {
  private readonly buckets = new Set<string>();
  private readonly lookedInto = new Set<string>();
  private readonly missingHere: MissingEvent[] = [];
  private readonly conflicts: Conflict[] = [];
  private missingThere = 0;
  private conflictCount = 0;
  private onTheirWay = 0;
  private isCutShort = false;

  constructor(private readonly options: Pick<CompareOptions, 'topic' | 'settledBefore' | 'now'>) {}

  mayLookInto(bucket: string): boolean {
    if (this.lookedInto.size >= bucketsLookedIntoMax || this.missingHere.length >= missingMax) this.isCutShort = true;
    this.lookedInto.add(bucket);
    return !this.isCutShort;
  }

  cutShort(): void {
    this.isCutShort = true;
  }

  onlyHere({ bucket }: HeldAt, { takenAt }: HeldEvent): void {
    if (this.mayBeOnItsWay(takenAt)) return void this.onTheirWay++;
    this.buckets.add(bucket);
    this.missingThere++;
  }

  onlyThere(at: HeldAt, { id, hash, takenAt }: HeldEvent): void {
    if (this.mayBeOnItsWay(takenAt)) return void this.onTheirWay++;
    this.buckets.add(at.bucket);
    if (this.missingHere.length < missingMax) this.missingHere.push({ at, id, hash });
    else this.isCutShort = true;
  }

  contradicts({ bucket }: HeldAt, here: HeldEvent, there: HeldEvent): void {
    this.buckets.add(bucket);
    this.conflictCount++;
    if (this.conflicts.length < conflictsShownMax) {
      this.conflicts.push({ bucket, id: here.id, here: here.hash, there: there.hash });
    }
  }

  private mayBeOnItsWay(takenAt: number): boolean {
    const { settledBefore, now } = this.options;
    return takenAt >= settledBefore && takenAt <= now + clockSkewMsMax;
  }

  result(next: string | undefined): TopicComparison {
    const { topic } = this.options;
    const { missingHere, missingThere, onTheirWay, conflictCount, conflicts, isCutShort } = this;
    const differingBuckets = [...this.buckets];
    const equal = differingBuckets.length === 0 && !isCutShort;
    return {
      ...{ topic, equal, differingBuckets, missingHere, missingThere, onTheirWay },
      ...{ conflictCount, conflicts, isCutShort, next },
    };
  }
}
