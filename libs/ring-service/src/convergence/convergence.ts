import type { Clock } from '@ringside/core';
import type { Placement } from '@ringside/data-ring';
import type { EventLog } from '@ringside/event-log';
import { bySystem } from '@ringside/events';
import type { Logger } from '@ringside/platform';

import type { HeldViews } from '../holdings/held.js';
import { sharedTopics } from '../holdings/holdings.js';
import { verifyTopic, type Verified } from '../holdings/verify.js';
import { compareTopic, type MissingEvent, type TopicComparison } from './compare.js';
import { LeftAlone } from './left-alone.js';
import { PeerError, type Peer } from './peer.js';
import { restore, type Refusal, type Restored } from './restore.js';
import { Standings, type PeerRound, type PeerState } from './standings.js';

/** A topic of this region's log against what the views say that it has. */
export interface VerifiedTopic extends Verified {
  /** How many of those that are gone were fetched from a peer. */
  readonly restored: number;
}

export interface ConvergenceOptions {
  readonly placement: Placement;
  /** They ask nothing more when the signal is aborted. */
  readonly peersUntil: (signal: AbortSignal) => readonly Peer[];
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

/** Compares what this region holds with what its peers hold, and fetches what it lacks. One round at a time. */
export class Convergence {
  private readonly peers: readonly Peer[];
  private readonly standings: Standings;
  private readonly leftAlone = new LeftAlone();
  private readonly ending = new AbortController();
  private turn: Promise<unknown> = Promise.resolve();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: ConvergenceOptions) {
    this.peers = options.peersUntil(this.ending.signal);
    this.standings = new Standings(this.peers.map(({ region }) => region));
  }

  /** Begins to compare every `everyMs`. */
  start(everyMs: number): void {
    if (everyMs === 0 || this.peers.length === 0) return;
    const { isAutomatic: repairs, logger } = this.options;
    const tick = async (): Promise<void> => {
      await this.round({ repairs }, everyMs).catch((error: unknown) => {
        if (!this.ending.signal.aborted) logger.warn({ err: error }, 'nothing was compared');
      });
      if (!this.ending.signal.aborted) this.timer = setTimeout(() => void tick(), everyMs).unref();
    };
    this.timer = setTimeout(() => void tick(), everyMs).unref();
  }

  /** Ends the round under way at its next step, and resolves then. */
  async stop(): Promise<void> {
    clearTimeout(this.timer);
    this.ending.abort();
    await this.turn;
  }

  states(): readonly PeerState[] {
    return this.standings.states();
  }

  /** Asks every peer now, also one that did not answer lately. Throws `UnavailableError` until the views are there. */
  now(options: RoundOptions): Promise<readonly PeerRound[]> {
    return this.round(options);
  }

  /**
   * Reads the log of this region anew, and fetches from its peers what was in it once and is no longer. Throws what the log throws,
   * and `UnavailableError` until the views are there.
   */
  verify({ topic: only, by = bySystem }: Pick<RoundOptions, 'topic' | 'by'>): Promise<readonly VerifiedTopic[]> {
    return this.inTurn(async () => {
      const { log, placement } = this.options;
      const { signal } = this.ending;
      const verified: VerifiedTopic[] = [];
      for (const { name: topic, regions } of sharedTopics(placement)) {
        if (only !== undefined && topic !== only) continue;
        const found = await verifyTopic({ views: this.options.views(), log, topic, signal });
        let left = found.gone;
        for (const peer of this.peers.filter(({ region }) => regions.includes(region))) {
          if (left.length === 0) break;
          const restored = await this.fetchGone(left, { topic, peer, by });
          left = left.filter(({ id }) => !restored.has(id));
        }
        verified.push({ ...found, restored: found.gone.length - left.length });
      }
      return verified;
    });
  }

  /** `everyMs`: of the timer, whose rounds leave a peer that does not answer in peace, longer each time. */
  private round(options: RoundOptions, everyMs?: number): Promise<readonly PeerRound[]> {
    return this.inTurn(async () => {
      const views = this.options.views();
      const now = this.options.clock();
      const asked = this.peers
        .filter(({ region }) => options.peer === undefined || region === options.peer)
        .filter(({ region }) => everyMs === undefined || this.standings.isDue(region, now));
      const rounds: PeerRound[] = [];
      for (const peer of asked) {
        const round = await this.withPeer(peer, views, options);
        const shared = this.sharedWith(peer.region).length;
        this.standings.remember(round, { shared, everyMs, now: this.options.clock() });
        await this.tell(round);
        rounds.push(round);
      }
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
    { repairs, by = bySystem, topic: only }: RoundOptions,
  ): Promise<PeerRound> {
    const { clock, settleMs } = this.options;
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
        const outcome = await this.fetchMissing(compared.missingHere, peer);
        if (outcome.restored.length > 0) restored.set(topic, outcome.restored);
        refused.push(...outcome.refused);
      }
    } catch (error) {
      problem = (error as Error).message;
      this.warn(error, region, 'what this region holds could not be compared with a peer');
    }
    return { region, by, startedAt, problem, topics, restored, refused };
  }

  private async fetchMissing(missing: readonly MissingEvent[], peer: Peer): Promise<Restored> {
    const { placement, log, clock } = this.options;
    const wanted = this.leftAlone.wanted(missing, peer.region, clock());
    const outcome = await restore(wanted, { placement, peer, log });
    this.leftAlone.add(outcome, peer.region, clock());
    return outcome;
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
      const ofTopic = new Map(restored.length === 0 ? [] : [[topic, restored] as const]);
      await this.tell({ region, by, startedAt, refused, problem: undefined, topics: [], restored: ofTopic });
      return new Set(restored);
    } catch (error) {
      if (!(error instanceof PeerError)) throw error;
      this.warn(error, region, 'what is gone from the log could not be fetched from a peer');
      return new Set();
    }
  }

  /** Logs, counts and records what was fetched or refused. */
  private async tell(round: PeerRound): Promise<void> {
    const { logger, onRepaired } = this.options;
    const { region: peer, restored, refused } = round;
    for (const refusal of refused) logger.warn({ peer, ...refusal }, 'what a peer sent was not taken');
    if (restored.size + refused.length === 0) return;
    // What was fetched is there, whether or not it is on the record.
    await onRepaired?.(round).catch((error: unknown) => logger.error({ err: error }, 'a repair is not on the record'));
  }

  private warn(error: unknown, peer: string, message: string): void {
    if (!this.ending.signal.aborted) this.options.logger.warn({ err: error, peer }, message);
  }

  /** Topics of the log that both regions have. */
  private sharedWith(region: string): readonly string[] {
    return sharedTopics(this.options.placement)
      .filter(({ regions }) => regions.includes(region))
      .map(({ name }) => name);
  }
}
