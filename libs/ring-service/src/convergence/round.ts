import type { Clock } from '@ringside/core';
import type { Placement } from '@ringside/data-ring';
import type { EventLog } from '@ringside/event-log';

import { holdingsOf, type HeldViews } from '../holdings/held.js';
import { compareTopic } from './compare.js';
import type { MissingEvent, TopicComparison } from './findings.js';
import type { LeftAlone } from './left-alone.js';
import { PeerError, type Peer } from './peer.js';
import { batches, restore, type Refusal, type Restored } from './restore.js';
import type { PeerRound } from './standings.js';

export interface RoundWithOptions {
  readonly placement: Placement;
  readonly log: EventLog;
  readonly views: HeldViews;
  readonly clock: Clock;
  /** When the peer answers nothing more, in ms since the epoch. */
  readonly endsAt: number;
  readonly settleMs: number;
  /** Fetches what is missing. */
  readonly repairs: boolean;
  /** Who asked for it. */
  readonly by: string;
  readonly leftAlone: LeftAlone;
  /** Where comparisons that were cut short go on, by peer and topic. */
  readonly cursors: Map<string, string>;
  /** Whether the views have what the log has of a topic. */
  readonly hasCaughtUp: (topic: string) => Promise<boolean>;
  readonly onTrouble: (error: unknown, peer: string, topic: string) => void;
}

/** Compares the topics with a peer, and fetches what is missing. What fails of one topic keeps nobody from the others. */
export async function roundWith(peer: Peer, topics: readonly string[], options: RoundWithOptions): Promise<PeerRound> {
  const { clock, by, onTrouble } = options;
  const startedAt = clock();
  const compared: TopicComparison[] = [];
  const catchingUp: string[] = [];
  const restored = new Map<string, readonly string[]>();
  const notSent = new Map<string, number>();
  const refused: Refusal[] = [];
  const problems = new Set<string>();
  for (const topic of topics) {
    try {
      if (!(await options.hasCaughtUp(topic))) {
        catchingUp.push(topic);
        continue;
      }
      const comparison = await compare(peer, topic, options);
      compared.push(comparison);
      if (!options.repairs || comparison.missingHere.length === 0) continue;
      const outcome = await fetchMissing(comparison.missingHere, peer, options);
      if (outcome.restored.length > 0) restored.set(topic, outcome.restored);
      if (outcome.notSent.length > 0) notSent.set(topic, outcome.notSent.length);
      refused.push(...outcome.refused);
      if (outcome.failure !== undefined) throw outcome.failure;
    } catch (error) {
      problems.add((error as Error).message);
      onTrouble(error, peer.region, topic);
      if (error instanceof PeerError && error.isAway) break;
    }
  }
  const problem = problems.size === 0 ? undefined : [...problems].join(' ');
  return { region: peer.region, by, startedAt, problem, topics: compared, catchingUp, restored, notSent, refused };
}

async function compare(peer: Peer, topic: string, options: RoundWithOptions): Promise<TopicComparison> {
  const { views, clock, endsAt, settleMs, cursors } = options;
  const now = clock();
  const place = `${peer.region}/${topic}`;
  // The other half of what is left is for fetching what is found, and for the topics that follow.
  const deadline = now + (endsAt - now) / 2;
  const settledBefore = now - settleMs;
  const compared = await compareTopic({ views, peer, topic, clock, deadline, settledBefore, from: cursors.get(place) });
  if (compared.next === undefined) cursors.delete(place);
  else cursors.set(place, compared.next);
  return compared;
}

async function fetchMissing(missing: readonly MissingEvent[], peer: Peer, options: RoundWithOptions): Promise<Restored> {
  const { placement, log, clock, leftAlone, views } = options;
  const wanted = leftAlone.wanted(await stillMissing(missing, views), peer.region, clock());
  const outcome = await leftAlone.while(wanted, () => restore(wanted, { placement, peer, log }));
  leftAlone.add(outcome, peer.region, clock());
  return outcome;
}

/** Comparing takes its time, and what came meanwhile is there. */
async function stillMissing(missing: readonly MissingEvent[], views: HeldViews): Promise<readonly MissingEvent[]> {
  const left: MissingEvent[] = [];
  for (const some of batches(missing)) {
    const ids = some.map(({ id }) => id);
    const held = new Set((await holdingsOf(views, some[0]!.at, ids)).map(({ id }) => id));
    left.push(...some.filter(({ id }) => !held.has(id)));
  }
  return left;
}
