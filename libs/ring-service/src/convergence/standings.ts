import type { TopicComparison } from './findings.js';
import type { Refusal } from './restore.js';

/** What is known of a topic that a peer has as well. */
export interface TopicState extends TopicComparison {
  /** ms since the epoch. */
  readonly comparedAt: number;
}

export interface PeerState {
  readonly region: string;
  /** When all topics were last compared, in ms since the epoch; undefined before. */
  readonly comparedAt: number | undefined;
  /** Why the last attempt came to nothing; undefined where it did not. */
  readonly problem: string | undefined;
  readonly topics: readonly TopicState[];
  /** Topics that were not compared in the last round, as this region had not taken in what its own log has of them. */
  readonly catchingUp: readonly string[];
  /** Events that were fetched from it since this process started. */
  readonly restored: number;
  /** The latest of what it sent and was not taken. */
  readonly refusals: readonly Refusal[];
}

/** One round with one peer. */
export interface PeerRound {
  readonly region: string;
  /** Who asked for it. */
  readonly by: string;
  /** ms since the epoch. */
  readonly startedAt: number;
  readonly problem: string | undefined;
  readonly topics: readonly TopicComparison[];
  /** Topics of which this region has not yet taken in what its own log has: they were not compared. */
  readonly catchingUp: readonly string[];
  /** How many events of a topic the peer said that it had, and did not send. */
  readonly notSent: ReadonlyMap<string, number>;
  /** Ids by topic. */
  readonly restored: ReadonlyMap<string, readonly string[]>;
  readonly refused: readonly Refusal[];
}

interface Standing extends PeerState {
  readonly failures: number;
  readonly notBefore: number;
}

const refusalsKept = 20;
const backoffMsMax = 10 * 60_000;

/** What came of the rounds with each peer so far. */
export class Standings {
  private readonly ofPeer: Map<string, Standing>;

  constructor(peers: readonly string[]) {
    this.ofPeer = new Map(peers.map((region) => [region, nothingKnown(region)]));
  }

  states(): readonly PeerState[] {
    return [...this.ofPeer.values()];
  }

  /** Whether a peer that did not answer lately is to be asked again. */
  isDue(region: string, now: number): boolean {
    return this.ofPeer.get(region)!.notBefore <= now;
  }

  /** `shared`: how many topics there are to compare. `everyMs`: of the rounds, where they come by themselves. */
  remember(round: PeerRound, { shared, everyMs, now }: { shared: number; everyMs: number | undefined; now: number }): void {
    const { region, problem, restored, refused } = round;
    const before = this.ofPeer.get(region)!;
    const ofTopic = new Map(before.topics.map((state) => [state.topic, state]));
    for (const compared of round.topics) ofTopic.set(compared.topic, { ...compared, comparedAt: now });
    const topics = [...ofTopic.values()];
    const failures = problem === undefined || round.topics.length > 0 ? 0 : before.failures + 1;
    const waitMs = failures === 0 || everyMs === undefined ? 0 : Math.min(backoffMsMax, everyMs * 2 ** (failures - 1));
    const isWhole = problem === undefined && topics.length === shared;
    this.ofPeer.set(region, {
      ...{ region, problem, topics, failures, catchingUp: round.catchingUp },
      comparedAt: isWhole ? Math.min(...topics.map(({ comparedAt }) => comparedAt)) : before.comparedAt,
      restored: before.restored + [...restored.values()].reduce((sum, ids) => sum + ids.length, 0),
      refusals: [...refused, ...before.refusals].slice(0, refusalsKept),
      notBefore: now + waitMs,
    });
  }
}

const nothingKnown = (region: string): Standing => ({
  ...{ region, comparedAt: undefined, problem: undefined, topics: [], catchingUp: [], restored: 0, refusals: [] },
  ...{ failures: 0, notBefore: 0 },
});
