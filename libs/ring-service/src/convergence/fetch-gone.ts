import { type Clock } from '@ringside/core';
import type { EventLog } from '@ringside/event-log';
import type { Placement } from '@ringside/data-ring';

import type { HeldViews } from '../holdings/held.js';
import { sharedTopics } from '../holdings/holdings.js';
import { verifyTopic, type Verified } from '../holdings/verify.js';
import type { MissingEvent } from './findings.js';
import { PeerError, type Peer } from './peer.js';
import { restore } from './restore.js';
import type { PeerRound } from './standings.js';

/** A topic of this region's log against what the views say that it has. */
export interface VerifiedTopic extends Verified {
  /** How many of those that are gone were fetched from a peer. */
  readonly restored: number;
}

export interface FetchGoneOptions {
  readonly placement: Placement;
  readonly log: EventLog;
  readonly views: () => HeldViews;
  readonly peers: readonly Peer[];
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Who asked for it. */
  readonly by: string;
  /** Of all topics where absent. */
  readonly topic: string | undefined;
  readonly onRestored: (round: PeerRound) => Promise<void>;
  readonly onTrouble: (error: unknown, peer: string) => void;
}

/** Reads the log anew, and fetches from peers what was in it once and is no longer. Throws what the log throws. */
export async function verifyLog(options: FetchGoneOptions): Promise<readonly VerifiedTopic[]> {
  const { placement, log, signal } = options;
  const verified: VerifiedTopic[] = [];
  for (const { name: topic, regions } of sharedTopics(placement)) {
    if (options.topic !== undefined && topic !== options.topic) continue;
    const found = await verifyTopic({ views: options.views(), log, topic, signal });
    let left = found.gone;
    for (const peer of options.peers.filter(({ region }) => regions.includes(region))) {
      if (left.length === 0) break;
      const restored = await fetchGone(left, peer, topic, options);
      left = left.filter(({ id }) => !restored.has(id));
    }
    verified.push({ ...found, restored: found.gone.length - left.length });
  }
  return verified;
}

async function fetchGone(
  gone: readonly MissingEvent[],
  peer: Peer,
  topic: string,
  { placement, log, clock, by, onRestored, onTrouble }: FetchGoneOptions,
): Promise<ReadonlySet<string>> {
  const startedAt = clock();
  const { region } = peer;
  const { restored, refused, failure } = await restore(gone, { placement, peer, log });
  const ofTopic = new Map(restored.length === 0 ? [] : [[topic, restored] as const]);
  const nothingElse = { topics: [], catchingUp: [], notSent: new Map() };
  await onRestored({ ...nothingElse, problem: failure?.message, region, by, startedAt, refused, restored: ofTopic });
  if (failure !== undefined && !(failure instanceof PeerError)) throw failure;
  if (failure !== undefined) onTrouble(failure, region);
  return new Set(restored);
}
