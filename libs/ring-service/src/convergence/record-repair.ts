import { isoTime, uuidv7 } from '@ringside/core';
import type { Placement, RingPolicy } from '@ringside/data-ring';
import type { EventLog } from '@ringside/event-log';
import { createEvent, ringDifferencesMax, ringOperated, ringTopic, type RingOperated } from '@ringside/events';

import { serviceName } from '../subscriber.js';
import type { PeerRound } from './standings.js';

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
    ...{ wanted: `${ids.length} events more`, live: 'fetched' },
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
