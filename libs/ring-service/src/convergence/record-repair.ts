import { isoTime, uuidv7, type Clock } from '@ringside/core';
import type { Placement, RingPolicy } from '@ringside/data-ring';
import type { EventLog } from '@ringside/event-log';
import { bySystem, createEvent, ringDifferencesMax, ringOperated, ringTopic, type RingOperated } from '@ringside/events';

import { serviceName } from '../subscriber.js';
import type { PeerRound } from './standings.js';

/** Of what was fetched of a topic; a text of an event has 1,024 characters at most. */
const idsShownMax = 25;
/** Of rounds of the timer in which a peer sent nothing but what was refused, one in so long is on the record. In ms. */
const refusalsEveryMs = 3_600_000;

/** {@link recordRepair}, but for a peer that always sends what is refused: the record has that once an hour, metrics each time. */
export function repairRecorder(options: Parameters<typeof recordRepair>[1], clock: Clock): (round: PeerRound) => Promise<void> {
  const refusedAt = new Map<string, number>();
  return async (round) => {
    const { region, restored, by } = round;
    if (restored.size === 0 && by === bySystem) {
      const now = clock();
      if (now - (refusedAt.get(region) ?? -Infinity) < refusalsEveryMs) return;
      refusedAt.set(region, now);
    }
    await recordRepair(round, options);
  };
}

/**
 * Puts a round in which something was fetched or refused on the record, where audits are. Not where the record itself was all that was
 * fetched: without replication between them, two regions would go on for ever to fetch each other's record of having fetched one.
 */
export async function recordRepair(
  round: PeerRound,
  { log, placement, policy }: { readonly log: EventLog; readonly placement: Placement; readonly policy: RingPolicy },
): Promise<void> {
  if (round.refused.length === 0 && [...round.restored.keys()].every((topic) => topic === ringTopic.topic)) return;
  await log.append([placement.recordOf(repairOf(round, placement.region, policy.digest))]);
}

export function repairOf(
  { region: peer, by, startedAt, restored, refused }: PeerRound,
  region: string,
  policy: string,
): RingOperated {
  const fetched = [...restored].map(([topic, ids]) => ({
    ...{ at: `topic ${topic}`, rule: `what ${peer} has of it, ${region} has` },
    ...{ wanted: `${ids.length} events more`, live: `fetched: ${idsOf(ids)}` },
  }));
  const turnedAway = refused.map(({ topic, id, reason, detail }) => ({
    ...{ at: `topic ${topic}: event ${id}`, rule: reason },
    ...{ wanted: 'an event that may be believed', live: detail.slice(0, 1_024) },
  }));
  const differences = [...fetched, ...turnedAway];
  const count = fetched.length === 0 ? 0 : [...restored.values()].reduce((sum, ids) => sum + ids.length, 0);
  return createEvent(ringOperated, {
    region,
    source: serviceName,
    time: isoTime(startedAt),
    data: {
      runId: uuidv7(),
      operation: 'repair',
      about: region,
      by,
      startedAt: isoTime(startedAt),
      policy,
      outcome: count > 0 ? 'applied' : 'refused',
      differences: differences.slice(0, ringDifferencesMax),
      differenceCount: differences.length,
      detail: `${count} events fetched from ${peer}, ${refused.length} not taken.`,
    },
  });
}

/** As many as there is room for. */
function idsOf(ids: readonly string[]): string {
  const shown = ids.slice(0, idsShownMax).join(', ');
  return ids.length > idsShownMax ? `${shown} and ${ids.length - idsShownMax} more` : shown;
}
