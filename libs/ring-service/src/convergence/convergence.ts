import { readFile } from 'node:fs/promises';
import type { Clock } from '@ringside/core';
import type { Placement } from '@ringside/data-ring';
import type { EventLog } from '@ringside/event-log';
import { bySystem } from '@ringside/events';
import type { Logger } from '@ringside/platform';

import type { HeldViews } from '../holdings/held.js';
import { verifyTopic, type Verified } from '../holdings/verify.js';
import { compareTopic, type MissingEvent, type TopicComparison } from './compare.js';
import { PeerError, type Peer } from './peer.js';
import { restore, type Refusal } from './restore.js';

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
  /** Ids by topic. */
  readonly restored: ReadonlyMap<string, readonly string[]>;
  readonly refused: readonly Refusal[];
}

/** A topic of this region's log against what the views say that it has. */
export interface VerifiedTopic extends Verified {
  /** How many of those that are gone were fetched from a peer. */
  readonly restored: number;
}

export interface ConvergenceOptions {
  readonly placement: Placement;
  readonly peers: readonly Peer[];
  /** The views as they are now. Throws `UnavailableError` until they are there. */
  readonly views: () => HeldViews;
  /** Without the guard of services. */
  readonly log: EventLog;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly settleMs: number;
  /** Fetches what is missing in the rounds of the timer, too. */
  readonly isAutomatic: boolean;
  /** Told of each round in which something was fetched or refused. */
  readonly onRepaired?: (round: PeerRound) => Promise<void>;
}

export interface RoundOptions {
  /** Fetches what is missing. */
  readonly repairs: boolean;
  /** Who asks for it; the service itself where absent. */
  readonly by?: string | undefined;
  /** Of the others nothing is asked. */
  readonly peer?: string | undefined;
  readonly topic?: string | undefined;
}

const refusalsKept = 20;
/** What was fetched is not in the views at once, and what was refused would be refused again. */
const leaveAloneMs = 5 * 60_000;
const leftAloneMax = 50_000;
const backoffMsMax = 10 * 60_000;

interface Standing extends PeerState {
  readonly topicStates: ReadonlyMap<string, TopicState>;
  readonly failures: number;
  readonly notBefore: number;
}

/** Compares what this region holds with what its peers hold, and fetches what it lacks. One round at a time. */
export class Convergence {
  private readonly standings = new Map<string, Standing>();
  /** Ids that were fetched or refused, with when. */
  private readonly leftAlone = new Map<string, number>();
  private turn: Promise<unknown> = Promise.resolve();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: ConvergenceOptions) {
    for (const { region } of options.peers) this.standings.set(region, nothingKnown(region));
  }

  /** Begins to compare every `everyMs`. */
  start(everyMs: number): void {
    if (everyMs === 0 || this.options.peers.length === 0) return;
    const { isAutomatic: repairs, logger } = this.options;
    const tick = async (): Promise<void> => {
      await this.round({ repairs }, everyMs).catch((error: unknown) => logger.warn({ err: error }, 'nothing was compared'));
      if (this.timer !== undefined) this.timer = setTimeout(() => void tick(), everyMs).unref();
    };
    this.timer = setTimeout(() => void tick(), everyMs).unref();
  }

  /** Takes nothing new; resolves when the round under way is over. */
  async stop(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    await this.turn;
  }

  states(): readonly PeerState[] {
    return [...this.standings.values()].map(({ topicStates, failures: _, notBefore: __, ...state }) => ({
      ...state,
      topics: [...topicStates.values()],
    }));
  }

  /**
   * Reads the log of this region anew, and fetches from its peers what was in it once and is no longer. Throws what the log throws,
   * and `UnavailableError` until the views are there.
   */
  verify({ topic: only, by = bySystem }: Pick<RoundOptions, 'topic' | 'by'>): Promise<readonly VerifiedTopic[]> {
    const { placement, log } = this.options;
    return this.inTurn(async () => {
      const verified: VerifiedTopic[] = [];
      for (const { name: topic, topic: of, regions } of placement.held) {
        if (of.zone === 'regional' || (only !== undefined && topic !== only)) continue;
        const found = await verifyTopic({ views: this.options.views(), log, topic });
        let left = found.gone;
        for (const peer of this.options.peers.filter(({ region }) => regions.includes(region))) {
          if (left.length === 0) break;
          const restored = await this.fetchGone(left, { topic, peer, by });
          left = left.filter(({ id }) => !restored.has(id));
        }
        verified.push({ ...found, restored: found.gone.length - left.length });
      }
      return verified;
    });
  }

  private async fetchGone(
    gone: readonly MissingEvent[],
    { topic, peer, by }: { readonly topic: string; readonly peer: Peer; readonly by: string },
  ): Promise<ReadonlySet<string>> {
    const { placement, log, clock } = this.options;
    const startedAt = clock();
    const { region } = peer;
    try {
      const { restored, refused } = await restore(gone, { placement, peer, log });
      await this.said({
        ...{ region, by, startedAt, refused, problem: undefined, topics: [] },
        restored: new Map([[topic, restored]]),
      });
      return new Set(restored);
    } catch (error) {
      if (!(error instanceof PeerError)) throw error;
      this.options.logger.warn({ err: error, peer: region }, 'what is gone from the log could not be fetched from a peer');
      return new Set();
    }
  }

  /** Asks every peer now, also one that did not answer lately. Throws `UnavailableError` until the views are there. */
  now(options: RoundOptions): Promise<readonly PeerRound[]> {
    return this.round(options);
  }

  /** `everyMs`: of the timer, whose rounds leave a peer that does not answer in peace, longer each time. */
  private round(options: RoundOptions, everyMs?: number): Promise<readonly PeerRound[]> {
    return this.inTurn(async () => {
      const views = this.options.views();
      const now = this.options.clock();
      const asked = this.options.peers
        .filter(({ region }) => options.peer === undefined || region === options.peer)
        .filter(({ region }) => everyMs === undefined || this.standings.get(region)!.notBefore <= now);
      const rounds: PeerRound[] = [];
      for (const peer of asked) rounds.push(await this.withPeer(peer, views, { ...options, everyMs }));
      return rounds;
    });
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.turn.then(work);
    this.turn = result.catch(() => undefined);
    return result;
  }

  private async withPeer(
    peer: Peer,
    views: HeldViews,
    { repairs, by = bySystem, topic: only, everyMs }: RoundOptions & { readonly everyMs: number | undefined },
  ): Promise<PeerRound> {
    const { clock, logger, settleMs } = this.options;
    const { region } = peer;
    const startedAt = clock();
    const topics: TopicComparison[] = [];
    const restored = new Map<string, readonly string[]>();
    const refused: Refusal[] = [];
    let problem: string | undefined;
    try {
      for (const topic of this.sharedWith(region)) {
        if (only !== undefined && topic !== only) continue;
        const compared = await compareTopic({ views, peer, topic, settledBefore: clock() - settleMs });
        topics.push(compared);
        if (!repairs) continue;
        const outcome = await this.fetch(compared.missingHere, peer);
        if (outcome.restored.length > 0) restored.set(topic, outcome.restored);
        refused.push(...outcome.refused);
      }
    } catch (error) {
      problem = (error as Error).message;
      logger.warn({ err: error, peer: region }, 'what this region holds could not be compared with a peer');
    }
    const round = { region, by, startedAt, problem, topics, restored, refused };
    this.remember(round, everyMs);
    await this.said(round);
    return round;
  }

  /** Logs, counts and records what was fetched or refused. */
  private async said(round: PeerRound): Promise<void> {
    const { logger, onRepaired } = this.options;
    const { region: peer, restored, refused } = round;
    for (const refusal of refused) logger.warn({ peer, ...refusal }, 'what a peer sent was not taken');
    if (refused.length === 0 && [...restored.values()].every((ids) => ids.length === 0)) return;
    // What was fetched is there, whether or not it is on the record.
    await onRepaired?.(round).catch((error: unknown) => logger.error({ err: error }, 'a repair is not on the record'));
  }

  /** Topics of the log that both regions have. */
  private sharedWith(region: string): readonly string[] {
    return this.options.placement.held
      .filter(({ topic, regions }) => topic.zone !== 'regional' && regions.includes(region))
      .map(({ name }) => name);
  }

  private async fetch(
    missing: readonly MissingEvent[],
    peer: Peer,
  ): Promise<{ readonly restored: readonly string[]; readonly refused: readonly Refusal[] }> {
    const now = this.options.clock();
    for (const [key, at] of this.leftAlone) {
      if (at > now - leaveAloneMs && this.leftAlone.size <= leftAloneMax) break; // the oldest are first
      this.leftAlone.delete(key);
    }
    // What one peer sent wrong, another may have right; what came from one, none has to send.
    const refusedKey = (id: string): string => `${peer.region}/${id}`;
    const wanted = missing.filter(({ id }) => !this.leftAlone.has(id) && !this.leftAlone.has(refusedKey(id)));
    const { placement, log } = this.options;
    const outcome = await restore(wanted, { placement, peer, log });
    for (const id of outcome.restored) this.leftAlone.set(id, now);
    for (const { id } of outcome.refused) this.leftAlone.set(refusedKey(id), now);
    return outcome;
  }

  private remember({ region, problem, topics, restored, refused }: PeerRound, everyMs: number | undefined): void {
    const now = this.options.clock();
    const before = this.standings.get(region)!;
    const topicStates = new Map(before.topicStates);
    for (const compared of topics) topicStates.set(compared.topic, { ...compared, comparedAt: now });
    const failures = problem === undefined ? 0 : before.failures + 1;
    const waitMs = failures === 0 || everyMs === undefined ? 0 : Math.min(backoffMsMax, everyMs * 2 ** (failures - 1));
    const isWhole = topicStates.size === this.sharedWith(region).length;
    this.standings.set(region, {
      region,
      problem,
      topicStates,
      topics: [],
      comparedAt:
        problem === undefined && isWhole
          ? Math.min(...[...topicStates.values()].map((one) => one.comparedAt))
          : before.comparedAt,
      restored: before.restored + [...restored.values()].reduce((sum, ids) => sum + ids.length, 0),
      refusals: [...refused, ...before.refusals].slice(0, refusalsKept),
      failures,
      notBefore: now + waitMs,
    });
  }
}

const nothingKnown = (region: string): Standing => ({
  ...{ region, comparedAt: undefined, problem: undefined, topics: [], restored: 0, refusals: [] },
  ...{ topicStates: new Map(), failures: 0, notBefore: 0 },
});

/** The token that is shown to peers: read for each request, so that it can be replaced while the service runs. */
export const tokenIn = (file: string) => async (): Promise<string | undefined> =>
  file === '' ? undefined : (await readFile(file, 'utf8')).trim();
