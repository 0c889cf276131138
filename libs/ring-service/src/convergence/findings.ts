import type { HeldEvent } from '../holdings/held.js';
import type { HeldAt } from '../holdings/holdings.js';

/** Of one comparison, so that neither it nor a peer can take more memory than this; the rest is found when these are mended. */
const missingMax = 5_000;
const conflictsShownMax = 100;
/** Buckets that are looked into event by event. */
const bucketsLookedIntoMax = 2_000;

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

/** What came of looking into one bucket. */
export class BucketFindings {
  readonly missingHere: MissingEvent[] = [];
  readonly conflicts: Conflict[] = [];
  missingThere = 0;
  conflictCount = 0;
  onTheirWay = 0;
  isCutShort = false;

  constructor(
    readonly at: HeldAt,
    private readonly mayBeOnItsWay: (takenAt: number) => boolean,
  ) {}

  get differs(): boolean {
    return this.missingHere.length + this.missingThere + this.conflictCount > 0;
  }

  onlyHere({ takenAt }: HeldEvent): void {
    if (this.mayBeOnItsWay(takenAt)) this.onTheirWay++;
    else this.missingThere++;
  }

  onlyThere({ id, hash, takenAt }: HeldEvent): void {
    if (this.mayBeOnItsWay(takenAt)) this.onTheirWay++;
    else if (this.missingHere.length < missingMax) this.missingHere.push({ at: this.at, id, hash });
    else this.isCutShort = true;
  }

  contradicts(here: HeldEvent, there: HeldEvent): void {
    this.conflictCount++;
    if (this.conflicts.length < conflictsShownMax) {
      this.conflicts.push({ bucket: this.at.bucket, id: here.id, here: here.hash, there: there.hash });
    }
  }
}

/** What came of a comparison so far, bucket by bucket. */
export class Findings {
  bucketsLookedInto = 0;
  private readonly differingBuckets: string[] = [];
  private readonly missingHere: MissingEvent[] = [];
  private readonly conflicts: Conflict[] = [];
  private missingThere = 0;
  private conflictCount = 0;
  private onTheirWay = 0;
  private isCutShort = false;

  constructor(private readonly topic: string) {}

  /** Whether no further bucket has room. */
  get isFull(): boolean {
    return this.isCutShort || this.bucketsLookedInto >= bucketsLookedIntoMax || this.missingHere.length >= missingMax;
  }

  add(one: BucketFindings): void {
    const room = missingMax - this.missingHere.length;
    this.bucketsLookedInto++;
    if (one.differs) this.differingBuckets.push(one.at.bucket);
    this.missingHere.push(...one.missingHere.slice(0, room));
    this.conflicts.push(...one.conflicts.slice(0, conflictsShownMax - this.conflicts.length));
    this.missingThere += one.missingThere;
    this.conflictCount += one.conflictCount;
    this.onTheirWay += one.onTheirWay;
    this.isCutShort ||= one.isCutShort || one.missingHere.length > room;
  }

  /** What was found until there was to be no more. */
  resultUntil(next: string): TopicComparison {
    this.isCutShort = true;
    return this.result(next);
  }

  result(next: string | undefined): TopicComparison {
    const { topic, differingBuckets, missingHere, missingThere, onTheirWay, conflictCount, conflicts, isCutShort } = this;
    const equal = differingBuckets.length === 0 && !isCutShort;
    return {
      ...{ topic, equal, differingBuckets, missingHere, missingThere, onTheirWay },
      ...{ conflictCount, conflicts, isCutShort, next },
    };
  }
}
