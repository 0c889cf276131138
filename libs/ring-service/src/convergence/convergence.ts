import type { Clock } from '@ringside/core';
import type { Placement } from '@ringside/data-ring';
import type { EventLog } from '@ringside/event-log';
import { bySystem } from '@ringside/events';
import type { Logger } from '@ringside/platform';

import type { HeldViews } from '../holdings/held.js';
import { sharedTopics } from '../holdings/holdings.js';
import { hasCaughtUp } from './caught-up.js';
import { verifyLog, type VerifiedTopic } from './fetch-gone.js';
import { LeftAlone } from './left-alone.js';
import { PeerError, type Peer } from './peer.js';
import { roundWith } from './round.js';
import { Standings, type PeerRound, type PeerState } from './standings.js';

/** How long a round waits for this region to take in its own log, and how long it asks one peer. */
const catchUpMsMax = 5_000;
const roundMsMax = 60_000;

export interface ConvergenceOptions {
  readonly placement: Placement;
  /** Made for each round. They ask nothing more when the signal is aborted. */
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
  /** An event may be on its way for so long at least, in ms, whatever the configuration says. */
  readonly settleMsMin?: number;
}

interface OfRound {
  readonly views: HeldViews;
  readonly caughtUp: (topic: string) => Promise<boolean>;
}

const idsLogged = 100;

/** Compares what this region holds with what its peers hold, and fetches what it lacks. One round at a time, with all of them at once. */
export class Convergence {
  private readonly regions: readonly string[];
  private readonly cursors = new Map<string, string>();
  private readonly standings: Standings;
  private readonly leftAlone = new LeftAlone();
  private readonly ending = new AbortController();
  private turn: Promise<unknown> = Promise.resolve();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: ConvergenceOptions) {
    this.regions = options.peersUntil(this.ending.signal).map(({ region }) => region);
    this.standings = new Standings(this.regions);
  }

  /** Begins to compare every `everyMs`. */
  start(everyMs: number): void {
    if (everyMs === 0 || this.regions.length === 0) return;
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
  verify({ topic, by = bySystem }: Pick<RoundOptions, 'topic' | 'by'>): Promise<readonly VerifiedTopic[]> {
    return this.inTurn(async () => {
      const { log, placement, views, clock, logger, peersUntil } = this.options;
      const { signal } = this.ending;
      const verified = await verifyLog({
        ...{ log, placement, views, clock, signal, topic, by, peers: peersUntil(signal) },
        onRestored: (round) => this.tell(round),
        onTrouble: (error, peer) => this.warn(error, { peer }, 'what is gone from the log could not be fetched from a peer'),
      });
      for (const { topic: of, changed, damaged } of verified) {
        if (damaged > 0) logger.error({ topic: of, damaged }, 'the log has records that are damaged');
        if (changed.length > 0)
          logger.error({ topic: of, ids: changed.slice(0, idsLogged) }, 'the log has other bytes than it had');
      }
      return verified;
    });
  }

  /** `everyMs`: of the timer, whose rounds leave a peer that does not answer in peace, longer each time. */
  private round(options: RoundOptions, everyMs?: number): Promise<readonly PeerRound[]> {
    return this.inTurn(async () => {
      const views = this.options.views();
      const now = this.options.clock();
      const asked = this.regions
        .filter((region) => options.peer === undefined || region === options.peer)
        .filter((region) => everyMs === undefined || this.standings.isDue(region, now));
      const caughtUp = this.caughtUpOnce();
      return Promise.all(
        asked.map(async (region) => {
          const round = await this.withPeer(region, { ...options, views, caughtUp });
          const shared = this.sharedWith(region).length;
          this.standings.remember(round, { shared, everyMs, now: this.options.clock() });
          await this.tell(round);
          return round;
        }),
      );
    });
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.turn.then(work);
    this.turn = result.catch(() => undefined);
    return result;
  }

  /** Each topic is waited for once a round, not once for each peer. */
  private caughtUpOnce(): (topic: string) => Promise<boolean> {
    const ofTopic = new Map<string, Promise<boolean>>();
    const { log } = this.options;
    return (topic) => {
      const known = ofTopic.get(topic) ?? hasCaughtUp(topic, { log, msMax: catchUpMsMax, signal: this.ending.signal });
      ofTopic.set(topic, known);
      return known;
    };
  }

  private async withPeer(
    region: string,
    { repairs, by = bySystem, topic: only, settleMsMin = 0, views, caughtUp }: RoundOptions & OfRound,
  ): Promise<PeerRound> {
    const { clock, placement, log, peersUntil } = this.options;
    const settleMs = Math.max(this.options.settleMs, settleMsMin);
    const { cursors, leftAlone } = this;
    const tooLong = new AbortController();
    const reason = new PeerError(`Comparing with it takes longer than ${roundMsMax} ms.`, { isAway: true });
    const endsAt = clock() + roundMsMax;
    const timer = setTimeout(() => tooLong.abort(reason), roundMsMax);
    const signal = AbortSignal.any([this.ending.signal, tooLong.signal]);
    const peer = peersUntil(signal).find((one) => one.region === region)!;
    const topics = this.sharedWith(region).filter((topic) => only === undefined || topic === only);
    try {
      return await roundWith(peer, topics, {
        ...{ placement, log, views, clock, endsAt, settleMs, repairs, by, leftAlone, cursors, hasCaughtUp: caughtUp },
        onTrouble: (error, of, topic) =>
          this.warn(error, { peer: of, topic }, 'what this region holds could not be compared with a peer'),
      });
    } finally {
      clearTimeout(timer);
    }
  }

  /** Logs, counts and records what was fetched or refused. */
  private async tell(round: PeerRound): Promise<void> {
    const { logger, onRepaired } = this.options;
    const { region: peer, restored, refused, catchingUp, notSent } = round;
    if (catchingUp.length > 0) logger.warn({ peer, topics: catchingUp }, 'not compared: this region is taking in its own log');
    if (notSent.size > 0)
      logger.warn({ peer, notSent: Object.fromEntries(notSent) }, 'a peer did not send what it says it has');
    for (const refusal of refused) logger.warn({ peer, ...refusal }, 'what a peer sent was not taken');
    if (restored.size + refused.length === 0) return;
    // What was fetched is there, whether or not it is on the record.
    await onRepaired?.(round).catch((error: unknown) => logger.error({ err: error }, 'a repair is not on the record'));
  }

  private warn(error: unknown, where: { readonly peer: string; readonly topic?: string }, message: string): void {
    if (!this.ending.signal.aborted) this.options.logger.warn({ err: error, ...where }, message);
  }

  /** Topics of the log that both regions have. */
  private sharedWith(region: string): readonly string[] {
    return sharedTopics(this.options.placement)
      .filter(({ regions }) => regions.includes(region))
      .map(({ name }) => name);
  }
}
